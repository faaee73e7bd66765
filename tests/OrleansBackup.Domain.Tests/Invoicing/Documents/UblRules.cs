using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OrleansBackup.Domain.Tests.Invoicing.Documents;

/// <summary>The rules of EN 16931, Peppol and NLCIUS that a document of this service can break, checked on its XML alone: knows nothing of how it was made.</summary>
internal sealed partial class UblRules
{
    private static readonly XNamespace Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    private static readonly XNamespace Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    private readonly List<string> _broken = [];
    private readonly XElement _root;
    private readonly bool _isCredit;

    private UblRules(string xml) => (_root, _isCredit) = XDocument.Parse(xml).Root is { } root ? (root, root.Name.LocalName == "CreditNote") : throw new InvalidOperationException();

    public static IReadOnlyList<string> Broken(string xml)
    {
        var rules = new UblRules(xml);
        rules.Head();
        rules.Parties();
        rules.Sums();
        rules.Vat();
        return rules._broken;
    }

    private IEnumerable<XElement> Lines => _root.Elements(Cac + (_isCredit ? "CreditNoteLine" : "InvoiceLine"));

    private void Head()
    {
        Demand(Text(_root, "CustomizationID").StartsWith("urn:cen.eu:en16931:2017#compliant#urn:fdc:", StringComparison.Ordinal), "BR-01 specification");
        Demand(Text(_root, "ProfileID").Length > 0, "PEPPOL-EN16931-R001 business process");
        Demand(Text(_root, "ID").Length > 0, "BR-02 number");
        Demand(DateOnly.TryParseExact(Text(_root, "IssueDate"), "yyyy-MM-dd", out _), "BR-03 date");
        Demand(Text(_root, _isCredit ? "CreditNoteTypeCode" : "InvoiceTypeCode") == (_isCredit ? "381" : "380"), "BR-04 type");
        Demand(Text(_root, "DocumentCurrencyCode") == "EUR", "BR-05 currency");
        Demand(Text(_root, "BuyerReference").Length > 0, "BR-NL-2 and PEPPOL-EN16931-R003 buyer reference");
        Demand(_isCredit || Text(_root, "DueDate").Length > 0, "BR-CO-25 due date");
        Demand(Lines.Any(), "BR-16 lines");
        Demand(!_isCredit || _root.Elements(Cac + "BillingReference").Any(), "NL-R-001 a credit note names its invoice");
        Demand(_root.Descendants().All(one => one.HasElements || one.Value.Length > 0), "PEPPOL-EN16931-R008 no empty elements");
        Demand(_root.Descendants().Where(one => one.Attribute("currencyID") is not null).All(one => one.Attribute("currencyID")!.Value == "EUR" && TwoDecimals().IsMatch(one.Value)), "BR-DEC amounts in euros with two decimals");
    }

    private void Parties()
    {
        foreach (var role in new[] { "AccountingSupplierParty", "AccountingCustomerParty" })
        {
            var party = _root.Element(Cac + role)!.Element(Cac + "Party")!;
            Demand(party.Element(Cbc + "EndpointID")?.Attribute("schemeID") is not null, $"PEPPOL-EN16931-R010/R020 electronic address of {role}");
            Demand(Text(party.Element(Cac + "PartyLegalEntity")!, "RegistrationName").Length > 0, $"BR-06/BR-07 name of {role}");
            var address = party.Element(Cac + "PostalAddress")!;
            var country = Text(address.Element(Cac + "Country")!, "IdentificationCode");
            Demand(country.Length == 2, $"BR-09/BR-11 country of {role}");
            if (country != "NL")
                continue;
            Demand(new[] { "StreetName", "CityName", "PostalZone" }.All(name => Text(address, name).Length > 0), $"BR-NL-3/BR-NL-4 address of {role}");
            Demand(party.Element(Cac + "PartyLegalEntity")!.Element(Cbc + "CompanyID")?.Attribute("schemeID")?.Value is "0106" or "0190", $"BR-NL-1/BR-NL-10 register of {role}");
        }

        Demand(_isCredit || _root.Element(Cac + "PaymentMeans") is { } means && Text(means, "PaymentMeansCode") is "30" or "48" or "49" or "57" or "58" or "59"
            && Text(_root.Element(Cac + "PaymentMeans")!.Element(Cac + "PayeeFinancialAccount")!, "ID").Length >= 15, "BR-NL-11/BR-NL-12/BR-61 means of payment");
    }

    private void Sums()
    {
        var totals = _root.Element(Cac + "LegalMonetaryTotal")!;
        var (lines, net, gross, pay) = (Number(totals, "LineExtensionAmount"), Number(totals, "TaxExclusiveAmount"), Number(totals, "TaxInclusiveAmount"), Number(totals, "PayableAmount"));
        Demand(Lines.Sum(line => Number(line, "LineExtensionAmount")) == lines, "BR-CO-10 sum of the lines");
        Demand(net == lines, "BR-CO-13 total without VAT");
        Demand(gross == net + Number(_root.Element(Cac + "TaxTotal")!, "TaxAmount"), "BR-CO-15 total with VAT");
        Demand(pay == gross, "BR-CO-16 amount to pay");
        Demand(pay >= 0, "a document asks for nothing below zero: it would be the other kind");
        var (from, until) = Period(_root);
        foreach (var line in Lines)
        {
            var (quantity, price) = (line.Element(Cbc + (_isCredit ? "CreditedQuantity" : "InvoicedQuantity"))!, line.Element(Cac + "Price")!);
            var @base = price.Element(Cbc + "BaseQuantity")!;
            Demand(Math.Abs((Decimal(quantity) * Number(price, "PriceAmount") / Decimal(@base)) - Number(line, "LineExtensionAmount")) <= 0.005m, "PEPPOL-EN16931-R120 a line is quantity times price");
            Demand(quantity.Attribute("unitCode")!.Value == @base.Attribute("unitCode")!.Value, "PEPPOL-EN16931-R130 one unit");
            Demand(Number(price, "PriceAmount") >= 0, "BR-27 price not below zero");
            Demand(Text(line.Element(Cac + "Item")!, "Name").Length > 0, "BR-25 name");
            Demand(Period(line) is var own && own.From >= from && own.Until <= until && own.From <= own.Until, "PEPPOL-EN16931-R110/R111 days of a line");
        }

        Demand(Lines.Select(line => Text(line, "ID")).Distinct().Count() == Lines.Count(), "BR-21 line numbers");
    }

    private void Vat()
    {
        var total = _root.Element(Cac + "TaxTotal")!;
        var parts = total.Elements(Cac + "TaxSubtotal").ToList();
        Demand(parts.Sum(part => Number(part, "TaxAmount")) == Number(total, "TaxAmount"), "BR-CO-14 sum of VAT");
        foreach (var part in parts)
        {
            var category = part.Element(Cac + "TaxCategory")!;
            var (code, percent) = (Text(category, "ID"), Number(category, "Percent"));
            var taxable = Lines.Where(line => line.Element(Cac + "Item")!.Element(Cac + "ClassifiedTaxCategory") is { } own && Text(own, "ID") == code && Number(own, "Percent") == percent)
                .Sum(line => Number(line, "LineExtensionAmount"));
            Demand(Number(part, "TaxableAmount") == taxable, $"BR-{code}-08 taxable amount");
            Demand(Math.Abs((taxable * percent / 100) - Number(part, "TaxAmount")) <= 0.005m, "BR-CO-17 VAT of a rate");
            Demand(code == "S" ? percent > 0 : percent == 0 && Text(category, "TaxExemptionReason").Length > 0, $"BR-{code}-05/10 rate or reason");
            Demand(code != "AE" || VatOf("AccountingCustomerParty").Length > 0, "BR-AE-02 VAT number of the buyer");
            Demand(VatOf("AccountingSupplierParty").Length > 0, $"BR-{code}-02 VAT number of the seller");
        }

        string VatOf(string role) => _root.Element(Cac + role)!.Element(Cac + "Party")!.Element(Cac + "PartyTaxScheme") is { } scheme ? Text(scheme, "CompanyID") : "";
    }

    private void Demand(bool holds, string rule)
    {
        if (!holds)
            _broken.Add(rule);
    }

    private static (DateOnly From, DateOnly Until) Period(XElement of) => of.Element(Cac + "InvoicePeriod") is { } period
        ? (DateOnly.ParseExact(Text(period, "StartDate"), "yyyy-MM-dd"), DateOnly.ParseExact(Text(period, "EndDate"), "yyyy-MM-dd")) : throw new InvalidOperationException("No period.");

    private static string Text(XElement of, string name) => of.Element(Cbc + name)?.Value ?? "";

    private static decimal Number(XElement of, string name) => Decimal(of.Element(Cbc + name) ?? throw new InvalidOperationException($"No {name}."));

    private static decimal Decimal(XElement of) => decimal.Parse(of.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?\d+\.\d\d$")]
    private static partial Regex TwoDecimals();
}
