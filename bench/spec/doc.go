// Package spec reads an experiment's YAML file strictly and resolves it into a bench.Plan: every
// cell with all its parameters, checked against a given bench.Catalog.
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
// The language is defined once, by the types of language.go: the decoder, its messages, the
// defaults, the JSON Schema for editors (Schema) and Help read their tags and comments. A key of
// datasets or methods is a field of Dataset or Method; a rule that tags cannot express is a check
// method on the type (checks.go). Relative paths are resolved against the spec's folder,
// filepath.Dir of Parse's file.
//
// All errors are reported at once, each as file:line:col: path: message, with the nearest valid
// name. Nothing is guessed: an unknown key, a quoted number, an octal-looking 010 or a parameter
// that no method has is an error before anything runs. The spec and all its profiles are always
// checked, whichever of them is run. Decode reads the project's other files with the same
// strictness; package tree reads the YAML.
//
// Former names are still read: look for probe, tail and guesses for frozen_ranking, plane and
// latent_plane for latent_projection. Plans and run directories keep the former words.
//
// # Precedence
//
// A plan is resolved from layers, of which the later override the earlier:
//
//	defaults  <  the spec  <  the profile  <  each --set, from left to right
//
// The layers' trees are merged (layers.go) and resolved once; each value keeps its place and with
// it its layer. A later layer that sets something also ends an earlier layer's sweep of it: --set
// k=3 on a spec that sweeps k gives k = 3. Datasets, methods and k are replaced as a whole; seeds,
// checkpoints, limits, oracle and sweep are merged key by key (a list of seeds replaces base and
// count, and vice versa; a list of checkpoints replaces at and keeps probe). If a later layer
// lowers the budget, the checkpoints beyond it are dropped.
//
// Within a layer the more specific setting wins, in ascending order: params for all methods, the
// parameters in a method's own entry, params for one method (dae_uai.noise), a dataset's
// method_params for all methods, those for one, a sweep over all methods that have the parameter, a
// sweep over one method. The same holds for datasets. A dataset's own budget, k and checkpoints
// override the layer's, and a sweep of k or budget overrides both. So --set budget=100 holds for
// every dataset, whatever the spec's entries set.
//
// --set takes key=value, or key=value,value for a sweep. The key is a key of the spec, a parameter
// of every method that has it (hidden), of one method (dae_uai.hidden), of one dataset
// (mnist0.keep) or of every dataset that has it (dataset.keep). A bare id in --set datasets=… or
// methods=… selects the spec's entries with that id and keeps all their settings; --set
// methods={id: dae} is an entry of its own.
//
// # Variants
//
// Unlike sweep, which is a grid, variants are changes one at a time from the default, which is the
// rest of the spec and runs as well. A variant's settings override everything else in its layer,
// sweeps included; later layers override them in turn, so that a profile can shrink an ablation: a
// variant that they undo completely has no cells there. A variant's cells are paired with the
// default's: they have the same data, seeds and, unless the change affects it, pre-training.
// Methods and datasets that the variant does not change have no cells in it. Where it changes
// nothing in effect (a renamed copy, a parameter set to its default), its cells are the default's,
// with the same ids, and run once.
//
// # Protocols
//
// pool is the paper's protocol: a method audits the complete dataset, and is measured by the
// anomalies found. A split trains on one half and flags rows of the other (the paper's Table 3),
// which only methods that do not learn from audits can do; so a method's own protocol overrides its
// layer's. What the paper gives by dataset (the flagged ratio, Table 3's contamination) is taken
// from the catalogue unless the protocol sets it. Split cells have no budget, k, checkpoints or
// oracle; all methods of a seed share their halves.
//
// # Probes
//
// Every cell with checkpoints must support the probes requested there: latent_projection and
// explain need a method that exposes its l or explains its scores with the parameters in question,
// and test needs a dataset with a test set. An unsupported probe is an error; it is not skipped.
//
// # Order of cells
//
// Seeds are outermost, then datasets with their swept parameters, budget and k; then come every
// method's first combination of swept parameters, every method's second one, and so on; after them
// the dataset's splits. So the first seed gives each method's first result on a dataset before any
// method's second, and on every dataset before the second seed: the partial results of a run that
// is inspected early or stopped compare the methods fairly. The cost is that each dataset is needed
// again for each seed.
//
// A sweep's axes follow that order; the parameters of a dataset or a method are ordered by name,
// and the last varies fastest. So a plan does not depend on the order of keys in the file.
package spec
