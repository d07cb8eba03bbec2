package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/runlog"
)

// contradictions are pairs of flags that exclude each other, by command.
var contradictions = map[string][][2]string{
	"claims": {{"json", "format"}, {"json", "out"}, {"json", "deviations"}, {"claim", "all"},
		{"claim", "deviations"}, {"all", "deviations"}},
	"compare": {{"json", "format"}},
	"plan":    {{"json", "out"}, {"json", "reuse"}},
}

// dependent are pairs of flags of which the first has no effect without the second, by command.
var dependent = map[string][][2]string{
	"compare": {{"nights", "history"}, {"notify", "history"}},
	"theory":  {{"format", "out"}},
	"verify":  {{"sample-seed", "sample"}, {"threads", "sample"}},
}

// checkFlags returns a usage error if a given flag would be ignored because another one is given or
// missing. A Boolean flag set to false counts as not given.
func checkFlags(c *cobra.Command) error {
	command := strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
	given := func(name string) bool {
		f := c.Flag(name)
		return f.Changed && (f.Value.Type() != "bool" || f.Value.String() == "true")
	}
	wrong := func(format string, pair [2]string) error {
		return usage(fmt.Errorf(format+"\nsee: %s --help", pair[0], pair[1], c.CommandPath()))
	}
	for _, pair := range contradictions[command] {
		if given(pair[0]) && given(pair[1]) {
			return wrong("--%s and --%s contradict each other: leave one of them out", pair)
		}
	}
	for _, pair := range dependent[command] {
		if given(pair[0]) && !given(pair[1]) {
			return wrong("--%s needs --%s", pair)
		}
	}
	if command == "claims" && given("deviations") {
		if formats, _ := c.Flags().GetStringSlice("format"); slices.Contains(formats, "html") {
			return wrong("--%s and --%s html contradict each other: its page has no deviations",
				[2]string{"deviations", "format"})
		}
	}
	return nil
}

// mostShards exceeds any plan's number of cells; a larger number would cost unbounded memory.
const mostShards = 1_000_000

// parseShard parses "i/n" with 1 <= i <= n; "" is the zero Shard.
func parseShard(s string) (runlog.Shard, error) {
	if s == "" {
		return runlog.Shard{}, nil
	}
	i, n, ok := strings.Cut(s, "/")
	var shard runlog.Shard
	var err1, err2 error
	shard.I, err1 = strconv.Atoi(i)
	shard.N, err2 = strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || shard.N < 1 || shard.I < 1 || shard.I > shard.N ||
		shard.N > mostShards {
		return shard, fmt.Errorf("--shard %s: write i/n with 1 <= i <= n <= %d, such as 2/8", s,
			mostShards)
	}
	return shard, nil
}
