package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// The Parquet library allocates whatever a file's headers promise, so a damaged file of a few bytes
// could take all memory. The functions below check every promised size against the file's before
// the library reads it.

const (
	// maxPage is the largest uncompressed size of a page compressed tighter than deflate can;
	// writers make pages of 1 MiB.
	maxPage = 64 << 20
	// maxHeader is the longest page header, in bytes.
	maxHeader = 1 << 20
)

// checkFooter checks the sizes in the footer against the file's size.
func (in *file) checkFooter() error {
	end := make([]byte, 8)
	if in.size < 12 {
		return errors.New("it is too short")
	}
	if _, err := in.f.ReadAt(end, in.size-8); err != nil {
		return err
	}
	n := int64(binary.LittleEndian.Uint32(end))
	if string(end[4:]) != "PAR1" {
		return errors.New("its end is not that of a Parquet file: perhaps it is truncated")
	}
	if n > in.size-12 {
		return fmt.Errorf("its footer declares %s bytes", Group(n))
	}
	footer := make([]byte, n)
	if _, err := in.f.ReadAt(footer, in.size-8-n); err != nil {
		return err
	}
	_, err := skipThrift(footer, thriftStruct, 0)
	return err
}

// checkPages checks the sizes in all page headers against their column's bytes and rows; unread
// has, per column, why it is not read, or "".
func (in *file) checkPages(meta *format.FileMetaData, unread []string) error {
	for _, g := range meta.RowGroups {
		for j, c := range g.Columns {
			if unread[j] != "" {
				continue
			}
			m := &c.MetaData
			from, end := m.DataPageOffset, int64(0)
			if m.DictionaryPageOffset > 0 {
				from = m.DictionaryPageOffset
			}
			end = from + m.TotalCompressedSize
			if c.FilePath != "" || from < 4 || from > m.DataPageOffset || end < from ||
				end > in.size {
				return fmt.Errorf("column %d extends beyond its end", j+1)
			}
			for from < end {
				next, err := in.checkPage(from, end, g.NumRows)
				if err != nil {
					return fmt.Errorf("column %d, byte %d: %w", j+1, from, err)
				}
				from = next
			}
		}
	}
	return nil
}

// checkPage checks the page at byte from and returns the offset of the next one.
func (in *file) checkPage(from, end, rows int64) (next int64, err error) {
	var text, rest []byte
	for size := min(int64(4096), end-from); ; size = min(16*size, end-from) {
		text = make([]byte, size)
		if _, err := in.f.ReadAt(text, from); err != nil && err != io.EOF {
			return 0, err
		}
		rest, err = skipThrift(text, thriftStruct, 0)
		if err == nil {
			break
		}
		if size == end-from || size >= maxHeader {
			return 0, err
		}
	}
	var h format.PageHeader
	text = text[:len(text)-len(rest)]
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), text, &h); err != nil {
		return 0, err
	}
	packed, size, values := int64(h.CompressedPageSize), int64(h.UncompressedPageSize), int64(0)
	most := rows
	switch {
	case h.DataPageHeader.Valid:
		values = int64(h.DataPageHeader.V.NumValues)
	case h.DataPageHeaderV2.Valid:
		values = int64(h.DataPageHeaderV2.V.NumValues)
	case h.DictionaryPageHeader.Valid:
		values, most = int64(h.DictionaryPageHeader.V.NumValues), 8*size
	}
	next = from + int64(len(text)) + packed
	if packed < 0 || next > end || size < 0 || size > max(maxPage, inflated(packed)) ||
		values < 0 || values > most {
		return 0, fmt.Errorf("a page declares %s values in %s bytes, compressed to %s",
			Group(values), Group(size), Group(packed))
	}
	return next, nil
}

// Types in Thrift's compact protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftStruct = 12
	thriftUUID   = 13
)

var errThrift = errors.New("a header is damaged")

// skipThrift skips a value of the given type, written in Thrift's compact protocol. It fails if a
// size exceeds the remaining bytes, so decoding the value allocates no more than the file holds.
func skipThrift(b []byte, kind byte, depth int) (rest []byte, err error) {
	if depth > 32 {
		return nil, errThrift
	}
	switch kind {
	case thriftTrue, thriftFalse:
		return b, nil
	case thriftByte:
		return skipBytes(b, 1)
	case 4, 5, 6: // integers
		_, b, err = thriftVarint(b)
		return b, err
	case thriftDouble:
		return skipBytes(b, 8)
	case thriftUUID:
		return skipBytes(b, 16)
	case thriftBinary:
		n, rest, err := thriftVarint(b)
		if err != nil {
			return nil, err
		}
		return skipBytes(rest, n)
	case thriftList, thriftSet:
		return skipThriftList(b, depth)
	case thriftStruct:
		for {
			if len(b) == 0 {
				return nil, errThrift
			}
			field := b[0]
			if b = b[1:]; field == 0 {
				return b, nil
			}
			if field>>4 == 0 { // the field's number follows in full
				if _, b, err = thriftVarint(b); err != nil {
					return nil, err
				}
			}
			if b, err = skipThrift(b, field&15, depth+1); err != nil {
				return nil, err
			}
		}
	}
	return nil, errThrift // also maps, which Parquet does not use
}

func skipThriftList(b []byte, depth int) (rest []byte, err error) {
	if len(b) == 0 {
		return nil, errThrift
	}
	n, kind := uint64(b[0]>>4), b[0]&15
	if b = b[1:]; n == 15 {
		if n, b, err = thriftVarint(b); err != nil {
			return nil, err
		}
	}
	if n > uint64(len(b)) {
		return nil, errThrift
	}
	if kind == thriftTrue || kind == thriftFalse { // a byte each in a list
		kind = thriftByte
	}
	for range n {
		if b, err = skipThrift(b, kind, depth+1); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func thriftVarint(b []byte) (v uint64, rest []byte, err error) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, errThrift
	}
	return v, b[n:], nil
}

func skipBytes(b []byte, n uint64) ([]byte, error) {
	if n > uint64(len(b)) {
		return nil, errThrift
	}
	return b[n:], nil
}
