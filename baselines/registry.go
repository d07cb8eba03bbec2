// Package baselines is the registry of methods: what a spec may name, and how each is made.
//
// To add a method, write it below this floor and give it one line in methods.
package baselines

import (
	"fmt"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/bench"
)

// means are what a learner works with; its result does not depend on them.
type means struct {
	share   deep.Share // nil: it pre-trains for itself
	waive   func()     // see deep.Settings
	threads int        // 0: 1
}

// method is a method's entry in the catalogue and its constructor.
type method struct {
	bench.MethodInfo
	build    func(p bench.Params, seed uint64, with means) bench.Learner
	base     string        // the network whose pre-training methods may share; "": none
	pretrain []bench.Param // what that pre-training depends on
}

var methods = []method{
	{over("dae", info("dae_uai", "DAE_uai", "denoising autoencoder with a UAI layer", "Sec. 3.1, App. A.1", 1, daeParams, uaiParams, cleanUAI)), daeUAI, "dae", daeParams},
	{over("class", classes(info("class_uai", "Class_uai", "classifier with a UAI layer", "Sec. 3.1, App. A.1", 1, classParams, uaiParams))), classUAI, "class", classParams},
	{info("dae", "DAE", "denoising autoencoder, ranked by reconstruction error", "App. A.1", 1, daeParams, staticParams), dae, "dae", daeParams},
	{classes(info("class", "Class", "classifier, ranked by the cross-entropy of the given label", "App. A.1", 1, classParams, staticParams)), class, "class", classParams},
	{over("pae", info("pae_uai", "PAE_uai", "pre-trained autoencoder with a UAI layer", "Sec. 3.1 over Zong et al. 2018", 1, paeParams, uaiParams)), paeUAI, "pae", paeParams},
	{over("dsebm_e", info("dsebm_uai", "DSEBM_uai", "deep structured energy-based model with a UAI layer", "Sec. 3.1 over Zhai et al. 2016", 1, dsebmParams, dsebmScore, uaiParams, cleanUAI)), dsebmUAI, "dsebm", dsebmParams},
	{over("dcn", info("dcn_uai", "DCN_uai", "deep clustering network with a UAI layer", "Sec. 3.1 over Yang et al. 2017", 1, dcnParams, uaiParams)), dcnUAI, "dcn", dcnParams},
	{info("pae", "PAE", "autoencoder with greedy layer-wise pre-training, ranked by reconstruction error", "App. B.2; Zong et al. 2018, Vincent et al. 2010", 1, paeParams, staticParams), pae, "pae", paeParams},
	{info("dsebm_e", "DSEBM-e", "deep structured energy-based model, ranked by energy", "App. B.2; Zhai et al. 2016", 1, dsebmParams, staticParams), dsebmE, "dsebm", dsebmParams},
	{info("dsebm_r", "DSEBM-r", "deep structured energy-based model, ranked by reconstruction error", "App. B.2; Zhai et al. 2016", 1, dsebmParams, staticParams), dsebmR, "dsebm", dsebmParams},
	{info("dcn", "DCN", "deep clustering network, ranked by the distance to the nearest centre", "App. B.2; Yang et al. 2017", 1, dcnParams, staticParams), dcn, "dcn", dcnParams},
	{over("dagmm", info("dagmm_uai", "DAGMM_uai", "deep autoencoding Gaussian mixture model with a UAI layer", "Sec. 3.1 over Zong et al. 2018", 1, dagmmBelow, dagmmUAIParams, uaiParams)), dagmmUAI, "dagmm", dagmmBelow},
	{info("dagmm", "DAGMM", "deep autoencoding Gaussian mixture model, ranked by energy", "App. B.2; Zong et al. 2018", 1, dagmmAlone, staticParams), dagmm, "dagmm", dagmmAlone},
	{active(info("loda_aad", "LODA-AAD", "active anomaly discovery over LODA", "Sec. 4.2, App. A.3", 1, lodaAADParams)), lodaAAD, "", nil},
	{active(info("tree_aad", "Tree-AAD", "active anomaly discovery over an isolation forest", "Sec. 4.2, App. A.3", 1, treeAADParams)), treeAAD, "", nil},
	{info("iforest", "IForest", "isolation forest, ranked by mean path length", "Liu, Ting and Zhou 2008", 1, forestParams), iforest, "", nil},
	{info("loda", "LODA", "histograms along random projections, ranked by mean negative log density", "Pevny 2016", 1, lodaParams), loda, "", nil},
	{flags(info("ocsvm", "OC-SVM", "one-class support vector machine with a Gaussian kernel, ranked and flagged by its decision function", "App. B.2; Schölkopf et al. 2001", 1, ocsvmParams)), oneClassSVM, "", nil},
	{info("kde", "KDE", "Gaussian kernel density, ranked by minus its logarithm", "Sec. 2.1 (Figure 2); Parzen 1962", 1, kdeParams), kernelDensity, "", nil},
	{info("gmm", "GMM", "Gaussian mixture with full covariances, ranked by minus the logarithm of its density", "Sec. 2.1 (Figure 2); Dempster, Laird and Rubin 1977", 1, gmmParams), gaussians, "", nil},
	{info("random", "random", "random order", "App. B.3", 1), random, "", nil},
}

func info(id, title, doc, source string, version int, params ...[]bench.Param) bench.MethodInfo {
	m := bench.MethodInfo{ID: id, Title: title, Doc: doc, Source: source, Version: version}
	for _, p := range params {
		m.Params = append(m.Params, p...)
	}
	return m
}

func active(m bench.MethodInfo) bench.MethodInfo {
	m.Active = true
	return m
}

func flags(m bench.MethodInfo) bench.MethodInfo {
	m.Flags = true
	return m
}

// over is an active method: a UAI layer over the base that the method id ranks by.
func over(id string, m bench.MethodInfo) bench.MethodInfo {
	m.Over = id
	return active(m)
}

func classes(m bench.MethodInfo) bench.MethodInfo {
	m.Class = true
	return m
}

// Catalog lists all methods.
func Catalog() []bench.MethodInfo {
	out := make([]bench.MethodInfo, len(methods))
	for i, m := range methods {
		out[i] = m.MethodInfo
		out[i].Shows = func(p bench.Params, look string) error {
			return bench.Shows(m.build(bench.Complete(m.Params, p), 0, means{}), look)
		}
	}
	return out
}

// New makes the learner of a resolved reference for one seed.
func New(ref bench.MethodRef, seed uint64) (bench.Learner, error) {
	return build(ref, seed, means{})
}

func build(ref bench.MethodRef, seed uint64, with means) (bench.Learner, error) {
	for _, m := range methods {
		if m.ID != ref.ID {
			continue
		}
		if m.Version != ref.Version {
			return nil, fmt.Errorf("method %s: the plan asks for version %d, this program has version %d", ref.ID, ref.Version, m.Version)
		}
		p, errs := bench.Resolve(m.Params, ref.Params)
		if len(errs) > 0 {
			return nil, fmt.Errorf("method %s: %w", ref.ID, errs[0])
		}
		return m.build(bench.Complete(m.Params, p), seed, with), nil
	}
	return nil, fmt.Errorf("unknown method %q", ref.ID)
}
