// Package spec reads an experiment's YAML file strictly and resolves it into a bench.Plan: every
// cell with all its parameters, checked against the bench.Catalog that it is given.
//
//	version: 1
//	name: widths
//	datasets: [mnist0, {id: mnist_pca, budget: 500}]
//	methods: [dae_uai, {id: dae, label: plain}]
//	budget: 1000
//	sweep: {hidden: [[64, 8], [256, 64, 8]]}
//	profiles: {smoke: {budget: 60, params: {pretrain_steps: 200}}}
//
// `uaibench help spec` prints the language: every key with its type, default and an example (Help).
// It is written once, as the types of language.go: the decoder, its messages, the defaults, the
// JSON Schema of editors (Schema) and Help read their tags and comments. A key of datasets or
// methods is a field of Dataset or Method; a rule that tags cannot say is a method check on the
// type (checks.go). Relative paths, where a key is one, are meant from the folder of the spec,
// filepath.Dir of Parse's file.
//
// All errors are reported at once, each as file:line:col: path: what is wrong, with the nearest
// valid name. Nothing is guessed: an unknown key, a number in quotes, an octal-looking 010 or a
// parameter that no method has is an error before anything runs. The spec and each of its profiles
// are checked in any case, whichever of them is run. Decode reads other files of the project with
// the same strictness; package tree reads the YAML.
//
// Words that were renamed are still read: look for probe, tail and guesses for frozen_ranking,
// plane and latent_plane for latent_projection. Plans and run directories keep the words that they
// always had.
//
// # What wins
//
// A plan is resolved from layers, the later over the earlier:
//
//	defaults  <  the spec  <  the profile  <  each --set, from left to right
//
// The layers' trees are merged (layers.go), in which each value keeps its place and so its layer,
// and are resolved once. A later layer that sets something also ends an earlier layer's sweep of
// it: --set k=3 on a spec that sweeps k leaves k = 3. Datasets, methods and k are replaced whole;
// seeds, checkpoints, limits, oracle and sweep are merged key by key (a list of seeds
// replaces base and count, and the other way round; a list of checkpoints replaces at, and leaves
// probe). Budget lowered by a later layer leaves out the checkpoints beyond it.
//
// Within one layer the more particular wins: params for all methods, then the parameters in a
// method's own entry, then params for one method (dae_uai.noise), then a dataset's method_params
// for all methods, then those for one, then a sweep over all methods that have the parameter, then
// a sweep over one method. Datasets likewise. A dataset's own budget, k and checkpoints win over
// the layer's, and a sweep of k or budget wins over both. So --set budget=100 holds for every
// dataset, whatever the spec's entries say.
//
// --set takes key=value, or key=value,value for a sweep: a key of the spec, a parameter of every
// method that has it (hidden), of one (dae_uai.hidden), of a dataset (mnist0.keep) or of every
// dataset that has it (dataset.keep). An id alone in --set datasets=… or methods=… chooses among
// the spec's entries and keeps all that the spec says of them; --set methods={id: dae} stands for
// itself.
//
// # Variants
//
// Beside sweep, which is a grid, variants are changes one at a time from what the rest of the spec
// says, which is the default and runs as well. A variant's settings win over all else in its layer,
// sweeps included; later layers win over them, so that a profile may shrink an ablation: a variant
// of which they leave nothing has no cells there. Its cells are paired with the default's: the same
// data, seeds and, where the change leaves it alone, pre-training. Methods and datasets of which it
// changes nothing are not its cells; where what it sets is what it was (a renamed copy, a value
// that is the default), its cells are the default's themselves, by the same ids, and run once.
//
// # Protocols
//
// pool is the paper's: a method audits the whole dataset, and is measured by what it found. A split
// trains on one half and flags rows of the other one (the paper's Table 3), which only methods that
// do not learn from audits can; so a method's own protocol wins over its layer's. What the paper
// gives by dataset (the ratio that is flagged, Table 3's contamination) is the catalogue's, unless
// the protocol says it. Split cells have no budget, k, checkpoints or oracle; all methods of a seed
// share their halves.
//
// # Probes
//
// What is probed at checkpoints must be there, in every cell that has checkpoints:
// latent_projection and explain are of methods that show their l or explain their scores, with the
// parameters that they have, and test is on datasets that come with a test set. Such a probe is
// refused, not left out.
//
// # Order of cells
//
// Seeds are outermost, then datasets with their swept parameters, budget and k; then come every
// method's first combination of swept parameters, every method's second one, and so on; after them
// the dataset's splits. So the first seed gives each method's first result on a dataset before any
// method's second, and on every dataset before the second seed: a run that is looked at early, or
// stopped, compares the methods fairly. The price is that each dataset is needed again for each
// seed.
//
// A sweep's axes are taken in that order, a dataset's or method's parameters by name and the last
// one fastest, so a plan does not depend on the order of keys in the file.
package spec
