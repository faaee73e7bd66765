using OrleansBackup.Domain.Documents;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Invoicing.Documents;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using static OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Domain.Tests.Invoicing.Documents;

/// <summary>What people and spreadsheets open: names from outside run nowhere.</summary>
public sealed class ReadableDocumentTests
{
    private static Invoice Made() => Issue(InvoiceDrafter.Draft(Case("2026-10", Contract("2026-09-15", null, ("2026-09-15", JpIct)), Users("2026-09", 2, _ => 1000))), new(2026, 10));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+31 6", "'+31 6")]
    [InlineData("-x", "'-x")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("  =1", "'  =1")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("\uFF1D1+1", "'\uFF1D1+1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("Anna", "Anna")]
    public void A_cell_that_a_spreadsheet_would_run_is_defused(string text, string cell) => Assert.Equal($"{cell}\r\n", new CsvText().Cell(text).EndRow().ToString());

    [Fact]
    public void Amounts_below_zero_stay_numbers() => Assert.Equal("-1.50,-2\r\n", new CsvText().Cell(Money.Exactly(-1.5m)).Cell(-2).EndRow().ToString());

    [Fact]
    public void The_usage_of_a_month_lists_the_names_behind_each_count()
    {
        var usage = MonthUsage.Empty(new(2026, 2)).With(new(2026, 2, 2), [Member("a") with { Name = "=cmd" }, Member("g") with { Guest = true }]);
        var rows = InvoiceCsv.Of(Enumerable.Range(1, 28).Select(day => usage.On(new(2026, 2, day), PlanFile.Read(Accensys).Billing.Users))).Split("\r\n");

        Assert.Equal(1 + 27 + 2 + 1, rows.Length);
        Assert.Equal("2026-02-01,no,0,,,,,", rows[1]);
        Assert.Equal("2026-02-02,yes,1,a,'=cmd,a@example.nl,yes,Counts", rows[2]);
        Assert.Equal("2026-02-02,yes,1,g,Person g,g@example.nl,no,Guest", rows[3]);
    }

    [Fact]
    public void An_invoice_is_read_in_both_languages_and_loads_nothing()
    {
        var (nl, en) = (InvoiceHtml.Of(Made(), NoticeLanguage.Nl), InvoiceHtml.Of(Made(), NoticeLanguage.En));

        Assert.Contains("€&nbsp;12.826,00", nl, StringComparison.Ordinal);
        Assert.Contains("€&nbsp;12,826.00", en, StringComparison.Ordinal);
        Assert.Contains("Klant &amp; Zonen &quot;&lt;B.V.&gt;&quot;", nl, StringComparison.Ordinal);
        Assert.Contains("Geteld op 01-10-2026", nl, StringComparison.Ordinal);
        Assert.All(new[] { nl, en }, html => Assert.DoesNotContain(new[] { "<script", "src=", "href=", "url(", "<B.V.>" }, html.Contains));
    }

    [Fact]
    public void The_table_of_an_invoice_has_a_row_for_each_line()
    {
        var rows = InvoiceCsv.Of(Made(), NoticeLanguage.Nl).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, rows.Length);
        Assert.Contains(",16000,DAY,3.00,30,1600.00,S,21,jp-ict/1,jp-ict/1,", rows[1], StringComparison.Ordinal);
    }
}
