package report

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"procore-assignee-sync/sync"
)

// XLSX writes report.xlsx: the record as a workbook with the sheets Summary, People, To do, Changes and Sources. Every
// cell is text, so that ids and leading zeros stay whole and nothing runs as a formula. Headers are frozen and have
// filters. The same record gives the same bytes.
func XLSX(w io.Writer, rec sync.Record) error {
	if err := writeWorkbook(w, sheets(read(rec))); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// sheet is one sheet of the workbook.
type sheet struct {
	name    string
	columns []sheetColumn
	rows    func(func([]string) bool)
}

// sheetColumn is a heading, and the width of its column in characters.
type sheetColumn struct {
	heading string
	width   float64
}

// textFormat is the built-in number format "@": text that is typed or pasted into a cell stays text too.
const textFormat = 49

func writeWorkbook(w io.Writer, sheets []sheet) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	f.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return &sortedZip{w: w, parts: map[string]*zipPart{}} })
	cell, err := f.NewStyle(&excelize.Style{NumFmt: textFormat, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{
		NumFmt: textFormat, Font: &excelize.Font{Bold: true, Family: "Calibri", Size: 11}, // as all cells are by default
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8ECF3"}},
	})
	if err != nil {
		return err
	}
	for i, s := range sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.name)
		} else {
			_, err = f.NewSheet(s.name)
		}
		if err != nil {
			return err
		}
		if err := writeSheet(f, s, head, cell); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	return f.Write(w)
}

func writeSheet(f *excelize.File, s sheet, head, cell int) error {
	if err := setPaper(f, s.name); err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	headings := make([]any, len(s.columns))
	for i, c := range s.columns {
		headings[i] = excelize.Cell{StyleID: head, Value: c.heading}
	}
	if err := setWidths(sw, s.columns); err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := sw.SetRow("A1", headings); err != nil {
		return err
	}
	last := 1
	for row := range s.rows {
		if last == excelize.TotalRows-1 {
			row = []string{"… and more than a sheet can hold: see the CSV files beside this workbook"}
		}
		last++
		cells, lines := make([]any, len(row)), 1
		for i, text := range row {
			text = cleanCell(text)
			cells[i], lines = excelize.Cell{StyleID: cell, Value: text}, max(lines, linesOf(text, s.columns[i].width))
		}
		var height []excelize.RowOpts
		if lines > 1 {
			height = append(height, excelize.RowOpts{Height: min(float64(lines)*lineHeight, excelize.MaxRowHeight)})
		}
		if err := sw.SetRow(fmt.Sprintf("A%d", last), cells, height...); err != nil {
			return err
		}
		if last == excelize.TotalRows {
			break
		}
	}
	corner, err := excelize.CoordinatesToCellName(len(s.columns), last)
	if err != nil {
		return err
	}
	if err := f.AutoFilter(s.name, "A1:"+corner, nil); err != nil {
		return err
	}
	return sw.Flush()
}

// lineHeight is the height of a line in a cell, in points.
const lineHeight = 15

// linesOf estimates how many lines a text takes in a column, rather too many than too few, since not every program
// works out a row's height itself.
func linesOf(text string, width float64) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n += 1 + int(float64(utf8.RuneCountInString(line))*1.05/width)
	}
	return n
}

// setPaper makes a sheet print one page wide, with its header on each page.
func setPaper(f *excelize.File, name string) error {
	const a4 = 9
	if err := f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: new(true)}); err != nil {
		return err
	}
	layout := &excelize.PageLayoutOptions{Size: new(a4), Orientation: new("landscape"), FitToWidth: new(1), FitToHeight: new(0)}
	if err := f.SetPageLayout(name, layout); err != nil {
		return err
	}
	return f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + name + "'!$1:$1", Scope: name})
}

// setWidths sets the widths of columns, combining neighbours with the same width.
func setWidths(sw *excelize.StreamWriter, columns []sheetColumn) error {
	for from := 0; from < len(columns); {
		to := from + 1
		for to < len(columns) && columns[to].width == columns[from].width {
			to++
		}
		if err := sw.SetColWidth(from+1, to, columns[from].width); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// sortedZip writes the parts of a workbook sorted by name, because excelize takes those of its stream writers from a
// map, in random order. Until then it keeps them in memory, compressing large ones: a sheet of a large run takes
// hundreds of megabytes.
type sortedZip struct {
	w     io.Writer
	parts map[string]*zipPart
	open  *zipPart      // the part being written; nil if none
	pack  *flate.Writer // reused for all large parts, since it takes a lot of memory
}

// smallPart is the size in bytes up to which a part is stored uncompressed. Most parts of most workbooks are smaller,
// and compressing them would take longer than everything else.
const smallPart = 16 << 10

// zipPart is one part of a workbook.
type zipPart struct {
	kept   bytes.Buffer // the part, compressed if it is large
	method uint16
	sum    hash.Hash32
	size   uint64
	zip    *sortedZip
}

func (p *zipPart) Write(text []byte) (int, error) {
	p.size += uint64(len(text))
	p.sum.Write(text)
	if p.method == zip.Deflate {
		return p.zip.pack.Write(text)
	}
	if p.size > smallPart {
		if err := p.compress(); err != nil {
			return 0, err
		}
		return p.zip.pack.Write(text)
	}
	return p.kept.Write(text)
}

// compress starts compressing the part, beginning with what there is of it.
func (p *zipPart) compress() (err error) {
	begin := bytes.Clone(p.kept.Bytes())
	p.kept.Reset()
	p.method = zip.Deflate
	if p.zip.pack == nil {
		p.zip.pack, err = flate.NewWriter(&p.kept, flate.BestSpeed)
	} else {
		p.zip.pack.Reset(&p.kept)
	}
	if err == nil {
		_, err = p.zip.pack.Write(begin)
	}
	return err
}

// Create begins a part and ends the previous one.
func (z *sortedZip) Create(name string) (io.Writer, error) {
	if err := z.end(); err != nil {
		return nil, err
	}
	z.open = &zipPart{method: zip.Store, sum: crc32.NewIEEE(), zip: z}
	z.parts[name] = z.open
	return z.open, nil
}

func (z *sortedZip) end() error {
	ended := z.open
	z.open = nil
	if ended == nil || ended.method == zip.Store {
		return nil
	}
	return z.pack.Close()
}

// AddFS is part of excelize's interface; excelize does not call it when writing.
func (z *sortedZip) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes all parts.
func (z *sortedZip) Close() error {
	if err := z.end(); err != nil {
		return err
	}
	archive := zip.NewWriter(z.w)
	for _, name := range slices.Sorted(maps.Keys(z.parts)) {
		part := z.parts[name]
		raw, err := archive.CreateRaw(&zip.FileHeader{
			Name: name, Method: part.method, CRC32: part.sum.Sum32(),
			CompressedSize64: uint64(part.kept.Len()), UncompressedSize64: part.size,
		})
		if err != nil {
			return err
		}
		if _, err := part.kept.WriteTo(raw); err != nil {
			return err
		}
	}
	return archive.Close()
}
