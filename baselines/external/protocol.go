package external

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// Version is the version of the protocol.
const Version = 1

// hello is the first line that a program reads.
type hello struct {
	Version int          `json:"uaibench"`
	X       string       `json:"X"`
	Class   *string      `json:"class"`
	Seed    uint64       `json:"seed"`
	Threads int          `json:"threads"`
	Params  bench.Params `json:"params"`
}

// The other lines that a program reads.
type (
	train struct {
		Labels [][2]int `json:"train"`
	}
	save struct {
		File string `json:"save"`
	}
	load struct {
		File string `json:"load"`
	}
	bye struct {
		Bye int `json:"bye"`
	}
)

// answer is any line that a program writes.
type answer struct {
	Ready         int              `json:"ready"`
	Name          string           `json:"name"`
	Version       string           `json:"version"`
	Active        *bool            `json:"active"`
	Deterministic bool             `json:"deterministic"`
	Saves         bool             `json:"saves"`
	Scores        string           `json:"scores"`
	Counts        map[string]int64 `json:"counts"`
	Saved         string           `json:"saved"`
	Loaded        string           `json:"loaded"`
	Error         *string          `json:"error"`
}

// parse parses an answer, which must be a JSON object with the key want. A program's "error" is
// returned as an error.
func parse(line []byte, want string) (answer, error) {
	var a answer
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(line, &keys); err != nil {
		return a, fmt.Errorf("it answered %s, which is not a JSON object: messages for people "+
			"belong on standard error", quote(line))
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("it answered %s, %s", quote(line), mistyped(err))
	}
	if a.Error != nil {
		return a, fmt.Errorf("it reported an error: %s", *a.Error)
	}
	if _, ok := keys[want]; !ok {
		return a, fmt.Errorf("it answered %s, which has no %q", quote(line), want)
	}
	return a, nil
}

// mistyped describes the key of an answer whose value has the wrong type.
func mistyped(err error) string {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	want := map[reflect.Kind]string{reflect.String: "a string", reflect.Bool: "true or false"}
	kind := wrong.Type.Kind()
	if kind == reflect.Map {
		want[kind] = "an object of whole numbers"
	}
	if strings.HasPrefix(wrong.Field, "scores") {
		want[kind] = "the name of an .npy file"
	}
	return fmt.Sprintf("in which %q is not %s", wrong.Field, cmp.Or(want[kind], "a whole number"))
}

// quote quotes a line, cut to 80 bytes.
func quote(line []byte) string {
	const most = 80
	line = bytes.TrimSpace(line)
	if len(line) > most {
		return fmt.Sprintf("%q…", line[:most])
	}
	return fmt.Sprintf("%q", line)
}
