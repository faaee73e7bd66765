using System.Collections.Immutable;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Invoicing.Documents;
using OrleansBackup.Domain.Notices;
using Xunit.Abstractions;
using static OrleansBackup.Domain.Tests.Invoicing.Given;

namespace OrleansBackup.Domain.Tests.Invoicing.Documents;

/// <summary>Every kind of document as UBL, judged by our own reading of the rules and, where they are at hand, by the published schemas and rules themselves.</summary>
public sealed class UblInvoiceTests(ITestOutputHelper output)
{
    private static readonly BillingProfile Belgian = new(new("Client SA", "Rue 1", "Bruxelles", "1000", "BE", "0123456789", "BE0123456749", null, "factures@example.be"), "PO 8", VatCode.ReverseCharge, null);

    private static ImmutableSortedDictionary<string, Invoice> Documents()
    {
        var month = OfMonth(Customer);
        var year = Issue(InvoiceDrafter.Draft(Case("2026-10", Contract("2026-09-15", null, ("2026-09-15", JpIct)), Users("2026-09", 2, _ => 10))), new(2026, 10), "2026-00002");
        var january = InvoiceDrafter.Draft(Case("2026-01", Contract("2026-01-01", null, ("2026-01-01", JpIct)), Users("2026-01", 1, _ => 10)));
        var changed = Issue(InvoiceDrafter.Draft(Case("2026-07", Contract("2026-01-01", null, ("2026-01-01", JpIct), ("2026-06-16", Accensys)), Users("2026-06", 2, _ => 12), january.ChargedBy("2026-00009"))), new(2026, 7), "2026-00003");
        var corrected = Invoice.Of("2026-00004", Tenant, new(2026, 5), Day("2026-05-02"), 30, Provider, Customer, Credits.Lines(month, [new(1, 1), new(2, 10)], [], "one user too many"), new(month.Number, month.IssuedOn, "one user too many", "the director"));
        return ImmutableSortedDictionary.CreateRange<string, Invoice>([new("month", month), new("year", year), new("changed", changed), new("corrected", corrected),
            new("reversed", OfMonth(Belgian)), new("exempt", OfMonth(Customer with { Vat = VatCode.Exempt }))]);
    }

    private static Invoice OfMonth(BillingProfile profile) => Issue(InvoiceDrafter.Draft(
        Case("2026-04", Contract("2026-03-01", null, ("2026-03-01", Accensys)), Users("2026-03", 1, _ => 3), null, Work(WorkKind.Restore, "2026-03-10", 50)) with { Profile = profile }), new(2026, 4), "2026-00001", profile);

    private static Dictionary<string, string> Written() => Documents().SelectMany(one => Enum.GetValues<UblProfile>().Select(profile =>
        ($"{one.Key}-{profile}", UblInvoice.Of(one.Value, profile, profile == UblProfile.Nlcius ? NoticeLanguage.Nl : NoticeLanguage.En)))).ToDictionary(one => one.Item1, one => one.Item2);

    [Fact]
    public void Every_document_keeps_the_rules() => Assert.All(Written(), one => Assert.Equal([], UblRules.Broken(one.Value)));

    [Fact]
    public void The_plan_change_and_the_correction_are_credit_notes()
    {
        Assert.Equal([DocumentKind.CreditNote, DocumentKind.CreditNote], new[] { "changed", "corrected" }.Select(name => Documents()[name].Kind));
        Assert.Contains("<cbc:ID>2026-00001</cbc:ID>", UblInvoice.Of(Documents()["corrected"], UblProfile.PeppolBilling3, NoticeLanguage.Nl), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(">79.17<", ">79.18<", "BR-CO-10")]
    [InlineData(">108.50<", ">108.51<", "BR-CO-15")]
    [InlineData(">18.83<", ">18.84<", "BR-CO-17")]
    [InlineData("schemeID=\"0106\"", "schemeID=\"0002\"", "BR-NL-1")]
    [InlineData("<cbc:BuyerReference>PO 7</cbc:BuyerReference>", "", "BR-NL-2")]
    [InlineData(">EUR<", ">USD<", "BR-05")]
    [InlineData("unitCode=\"MON\">1<", "unitCode=\"DAY\">1<", "R130")]
    public void A_document_that_is_tampered_with_breaks_the_rule(string written, string instead, string rule)
    {
        var xml = UblInvoice.Of(OfMonth(Customer), UblProfile.Nlcius, NoticeLanguage.Nl);
        Assert.Contains(written, xml, StringComparison.Ordinal);
        var broken = UblRules.Broken(xml.Replace(written, instead, StringComparison.Ordinal));
        Assert.True(broken.Any(one => one.Contains(rule, StringComparison.Ordinal)), string.Join("; ", broken));
    }

    [Fact]
    public void The_published_schemas_accept_every_document()
    {
        if (!PublishedSchemas.HasSchemas)
        {
            output.WriteLine("Left out: the OASIS schemas are not at hand (ORLEANSBACKUP_UBL_SCHEMAS).");
            return;
        }

        var written = Written();
        Assert.Equal([], PublishedSchemas.Violations(written));
        Assert.NotEmpty(PublishedSchemas.Violations(new Dictionary<string, string> { ["wrong"] = written["month-Nlcius"].Replace("cbc:IssueDate", "cbc:IssuedDate", StringComparison.Ordinal) }));
    }

    [Fact]
    public async Task The_published_rules_accept_every_document()
    {
        if (!PublishedSchemas.HasRules)
        {
            output.WriteLine("Left out: the published rules or what runs them are not at hand (ORLEANSBACKUP_UBL_SCHEMAS).");
            return;
        }

        var written = Written();
        written["wrong-Nlcius"] = written["month-Nlcius"].Replace(">79.17<", ">79.18<", StringComparison.Ordinal);
        var failed = await PublishedSchemas.FailedAsync(written, (rules, document) =>
            !rules.StartsWith("SI-UBL", StringComparison.Ordinal) && !rules.StartsWith("PEPPOL", StringComparison.Ordinal) || rules.StartsWith("SI-UBL", StringComparison.Ordinal) == document.EndsWith("Nlcius", StringComparison.Ordinal));

        Assert.Contains(failed, one => one.StartsWith("wrong-Nlcius", StringComparison.Ordinal) && one.Contains("BR-CO-10", StringComparison.Ordinal));
        var told = failed.Where(one => !one.StartsWith("wrong-", StringComparison.Ordinal)).ToList();
        Assert.True(told.Count == 0, string.Join("\n", told));
        output.WriteLine($"{written.Count} documents.");
    }
}
