using System.Text.Json;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using static OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Domain.Tests.Invoicing;

/// <summary>Prices have versions, and what has begun stays.</summary>
public sealed class PriceListTests
{
    private static readonly DateOnly Today = new(2026, 11, 20);

    private static Indexation By(decimal percent) => new(percent, "Kosten stegen 4 %, marge gelijk", "the director", DateTimeOffset.UnixEpoch);

    [Fact]
    public void An_indexation_is_a_new_version_from_a_day_to_come_rounded_to_the_cent()
    {
        var list = PriceIndexing.Index(Prices()["accensys"], new(2027, 1, 1), By(3.5m), Today);

        Assert.Equal(Money.Exactly(3.50m), list.On(new(2026, 12, 31))!.UserMonth);
        Assert.Equal((2, Money.Exactly(3.62m), Money.Exactly(98.33m)), (list.On(new(2027, 1, 1))!.Version, list.On(new(2027, 1, 1))!.UserMonth, list.On(new(2027, 1, 1))!.SupportHour));
        Assert.Equal(3.5m, list.Versions[1].Indexation!.Percent);
        Assert.Null(list.On(new(2019, 12, 31)));
    }

    [Fact]
    public void The_next_years_indexation_is_on_the_price_of_the_year_before()
    {
        var list = PriceIndexing.Index(PriceIndexing.Index(Prices()["accensys"], new(2027, 1, 1), By(10m), Today), new(2028, 1, 1), By(10m), Today);

        Assert.Equal([Money.Exactly(3.50m), Money.Exactly(3.85m), Money.Exactly(4.24m)], list.Versions.Select(version => version.UserMonth)); // 4.235, and not 3.85 once more
    }

    [Theory]
    [InlineData("2026-11-20", 3, "to come")]
    [InlineData("2027-01-01", 0, "percentage")]
    [InlineData("2027-01-01", 101, "percentage")]
    public void An_indexation_that_reaches_back_or_makes_no_sense_is_refused(string from, int percent, string said) =>
        Assert.Contains(said, PriceIndexing.Problem(Prices()["accensys"], Day(from), By(percent), Today), StringComparison.Ordinal);

    [Fact]
    public void Prices_are_indexed_once_a_year()
    {
        var list = PriceIndexing.Index(Prices()["jp-ict"], new(2027, 1, 1), By(2m), Today);
        Assert.Contains("already", PriceIndexing.Problem(list, new(2027, 7, 1), By(2m), Today), StringComparison.Ordinal);
        Assert.Null(PriceIndexing.Problem(list, new(2028, 1, 1), By(2m), Today));
    }

    [Fact]
    public void A_version_that_has_begun_does_not_change()
    {
        var list = Prices()["accensys"];
        var changed = list with { Versions = [list.Versions[0] with { UserMonth = Money.Exactly(9m) }] };
        var added = list with { Versions = [list.Versions[0], list.Versions[0] with { Version = 2, ValidFrom = new(2027, 1, 1) }] };

        Assert.NotNull(PriceIndexing.ProblemOfChange(list, changed, Today));
        Assert.NotNull(PriceIndexing.ProblemOfChange(list, added with { Versions = added.Versions.SetItem(1, added.Versions[1] with { ValidFrom = Today }) }, Today));
        Assert.Null(PriceIndexing.ProblemOfChange(list, added, Today));
    }

    [Theory]
    [InlineData("accensys")]
    [InlineData("jp-ict")]
    public void The_delivered_lists_are_read_and_written_as_they_stand(string id) =>
        Assert.Equal(PriceListFile.Write(Prices()[id]), PriceListFile.Write(PriceListFile.Read(PriceListFile.Write(Prices()[id]))));

    [Theory]
    [InlineData("3.50", "3.505")]
    [InlineData("\"standard\"", "\"high\"")]
    [InlineData("\"userMonth\"", "\"usermonth\"")]
    [InlineData("\"version\": 1", "\"version\": 0")]
    public void A_list_that_makes_no_sense_is_refused(string written, string instead)
    {
        var text = PriceListFile.Write(Prices()["accensys"]);
        Assert.Contains(written, text, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => PriceListFile.Read(text.Replace(written, instead, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0.005", 1)]
    [InlineData("-0.005", -1)]
    [InlineData("0.0049", 0)]
    [InlineData("2.675", 268)]
    public void Half_a_cent_goes_away_from_zero(string euros, long cents) =>
        Assert.Equal(cents, Money.Round(decimal.Parse(euros, System.Globalization.CultureInfo.InvariantCulture)).Cents);

    [Fact]
    public void A_preview_of_a_contract_has_the_amounts_of_its_invoices()
    {
        var outlook = new BillingOutlook { Prices = Prices(), Users = 10 };
        var year = InvoiceForecast.Between(Contract("2026-09-15", null, ("2026-09-15", JpIct)), new(2026, 9, 1), new(2027, 1, 31), outlook);
        var months = InvoiceForecast.Between(Contract("2026-09-15", null, ("2026-09-15", Accensys)), new(2026, 9, 1), new(2026, 11, 30), outlook);

        Assert.Equal([106m, 360m], year.Select(invoice => invoice.Amount!.Value));
        Assert.Equal([35m, 35m], months.Select(invoice => invoice.Amount!.Value));
    }
}
