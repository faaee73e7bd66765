using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing.Documents;

/// <summary>Which agreement on electronic invoices a document says that it follows.</summary>
public enum UblProfile
{
    /// <summary>Peppol BIS Billing 3.0: what goes over the Peppol network.</summary>
    PeppolBilling3 = 1,

    /// <summary>NLCIUS, the Dutch usage of EN 16931, in the form SI-UBL 2.0.</summary>
    Nlcius = 2,
}

/// <summary>An invoice or credit note as UBL 2.1.</summary>
/// <remarks>Sources: OASIS UBL 2.1; EN 16931-1; Peppol BIS Billing 3.0; NLCIUS 1.0 with the Dutch rules BR-NL and NL-R.</remarks>
public static class UblInvoice
{
    private static readonly XNamespace Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    private static readonly XNamespace Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    private const string SepaTransfer = "58";

    /// <summary>The schemes of VAT numbers as electronic addresses. Source: Peppol's code list "Electronic Address Scheme".</summary>
    private static readonly FrozenDictionary<string, string> VatSchemes = new Dictionary<string, string>
    {
        ["AT"] = "9914", ["BE"] = "9925", ["BG"] = "9926", ["CY"] = "9928", ["CZ"] = "9929", ["DE"] = "9930", ["EE"] = "9931", ["EL"] = "9933", ["ES"] = "9920", ["FR"] = "9957", ["HR"] = "9934",
        ["HU"] = "9910", ["IE"] = "9935", ["LT"] = "9937", ["LU"] = "9938", ["LV"] = "9939", ["MT"] = "9943", ["NL"] = "9944", ["PL"] = "9945", ["PT"] = "9946", ["RO"] = "9947", ["SE"] = "9955",
        ["SI"] = "9949", ["SK"] = "9950",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Always the same text for the same invoice. UTF-8.</summary>
    public static string Of(Invoice invoice, UblProfile profile, NoticeLanguage language)
    {
        var (isCredit, root) = invoice.Kind == DocumentKind.CreditNote ? (true, "CreditNote") : (false, "Invoice");
        XNamespace space = $"urn:oasis:names:specification:ubl:schema:xsd:{root}-2";
        var document = new XElement(space + root,
            new XAttribute("xmlns", space.NamespaceName), new XAttribute(XNamespace.Xmlns + "cac", Cac.NamespaceName), new XAttribute(XNamespace.Xmlns + "cbc", Cbc.NamespaceName),
            Text("CustomizationID", profile == UblProfile.Nlcius
                ? "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
                : "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"),
            Text("ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
            Text("ID", invoice.Number),
            Text("IssueDate", Day(invoice.IssuedOn)),
            isCredit ? null : Text("DueDate", Day(invoice.DueOn)),
            isCredit ? Text("CreditNoteTypeCode", "381") : Text("InvoiceTypeCode", "380"),
            invoice.Corrects is { } corrects ? Text("Note", corrects.Reason) : null,
            Text("DocumentCurrencyCode", Money.Currency),
            Text("BuyerReference", invoice.Reference),
            Period(invoice.Period),
            invoice.Lines.Select(line => line.Basis.TakenFrom).OfType<string>().Distinct().Order(StringComparer.Ordinal)
                .Select(number => new XElement(Cac + "BillingReference", new XElement(Cac + "InvoiceDocumentReference", Text("ID", number)))),
            new XElement(Cac + "AccountingSupplierParty", Party(invoice.Provider)),
            new XElement(Cac + "AccountingCustomerParty", Party(invoice.Customer)),
            isCredit ? null : new XElement(Cac + "PaymentMeans", Text("PaymentMeansCode", SepaTransfer), Text("PaymentID", invoice.Number),
                new XElement(Cac + "PayeeFinancialAccount", Text("ID", invoice.Provider.Iban ?? ""))),
            TaxTotal(invoice, language),
            new XElement(Cac + "LegalMonetaryTotal", Amount("LineExtensionAmount", invoice.Net), Amount("TaxExclusiveAmount", invoice.Net), Amount("TaxInclusiveAmount", invoice.Gross), Amount("PayableAmount", invoice.Gross)),
            invoice.Lines.Select(line => Line(line, isCredit, language)));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(new Utf8Writer(text), new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
            document.WriteTo(writer);
        return text.Append('\n').ToString();
    }

    /// <summary>The unit by UN/ECE Recommendation 20.</summary>
    internal static string UnitCode(QuantityUnit unit) => unit switch
    {
        QuantityUnit.UserMonths => "MON",
        QuantityUnit.UserDays => "DAY",
        QuantityUnit.Minutes => "MIN",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    private static XElement Party(BillingParty party) => new(Cac + "Party",
        EndpointOf(party) is var (scheme, endpoint) ? new XElement(Cbc + "EndpointID", new XAttribute("schemeID", scheme), endpoint) : null,
        new XElement(Cac + "PartyName", Text("Name", party.Name)),
        new XElement(Cac + "PostalAddress", Text("StreetName", party.Street), Text("CityName", party.City), Text("PostalZone", party.PostalCode),
            new XElement(Cac + "Country", Text("IdentificationCode", party.Country))),
        party.Vat is { } vat ? new XElement(Cac + "PartyTaxScheme", Text("CompanyID", vat), TaxScheme()) : null,
        new XElement(Cac + "PartyLegalEntity", Text("RegistrationName", party.Name),
            party.Registration is { } number ? new XElement(Cbc + "CompanyID", party.Country == "NL" ? new XAttribute("schemeID", RegisterOf(number)) : null, number) : null),
        party.Email is { } email ? new XElement(Cac + "Contact", Text("ElectronicMail", email)) : null);

    // The network finds a Dutch party by its company number and one of another country by its VAT number; who has neither, by his address for invoices, which Peppol does not know.
    private static (string Scheme, string Id)? EndpointOf(BillingParty party) =>
        party is { Country: "NL", Registration: { } number } ? (RegisterOf(number), number)
        : party.Vat is { } vat && VatSchemes.TryGetValue(vat[..2], out var scheme) ? (scheme, vat)
        : party.Email is { } email ? ("EM", email) : null;

    // The Dutch register of companies (KVK) has eight digits; government's own numbers (OIN) have twenty.
    private static string RegisterOf(string number) => number.Length == 8 ? "0106" : "0190";

    private static XElement TaxTotal(Invoice invoice, NoticeLanguage language) => new(Cac + "TaxTotal",
        Amount("TaxAmount", invoice.VatAmount),
        invoice.Vat.Select(one => new XElement(Cac + "TaxSubtotal", Amount("TaxableAmount", one.Taxable), Amount("TaxAmount", one.Tax),
            TaxCategory("TaxCategory", one.Category, one.Percent, VatRule.Of(one.Code).Reason is { } reason ? one.Code == VatCode.ReverseCharge ? reason.En : reason.In(language) : null))));

    private static XElement Line(InvoiceLine line, bool isCredit, NoticeLanguage language)
    {
        var (unit, vat) = (UnitCode(line.Unit), VatRule.Of(line.Vat));
        return new(Cac + (isCredit ? "CreditNoteLine" : "InvoiceLine"),
            Text("ID", line.Number.ToString(CultureInfo.InvariantCulture)),
            Quantity(isCredit ? "CreditedQuantity" : "InvoicedQuantity", line.Quantity, unit),
            Amount("LineExtensionAmount", line.Amount),
            Period((line.From, line.Until)),
            new XElement(Cac + "Item", Text("Description", line.Description.In(language)), Text("Name", NameOf(line.Kind, language)), TaxCategory("ClassifiedTaxCategory", vat.Category, vat.Percent, null)),
            new XElement(Cac + "Price", Amount("PriceAmount", line.Price), Quantity("BaseQuantity", line.Per, unit)));
    }

    private static string NameOf(LineKind kind, NoticeLanguage language) => (kind switch
    {
        LineKind.Users or LineKind.UsersInAdvance => new BothLanguages("Back-up van Microsoft 365", "Backup of Microsoft 365"),
        LineKind.AdvanceReturned => new("Vooruitbetaling terug", "Advance returned"),
        LineKind.Work => new("Werkzaamheden", "Work"),
        LineKind.Correction => new("Correctie", "Correction"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    }).In(language);

    private static XElement TaxCategory(string name, string category, decimal percent, string? reason) => new(Cac + name,
        Text("ID", category), Text("Percent", percent.ToString("0.##", CultureInfo.InvariantCulture)), reason is null ? null : Text("TaxExemptionReason", reason), TaxScheme());

    private static XElement TaxScheme() => new(Cac + "TaxScheme", Text("ID", "VAT"));

    private static XElement Period((DateOnly From, DateOnly Until) days) => new(Cac + "InvoicePeriod", Text("StartDate", Day(days.From)), Text("EndDate", Day(days.Until)));

    private static XElement Amount(string name, Money amount) => new(Cbc + name, new XAttribute("currencyID", Money.Currency), amount.ToString());

    private static XElement Quantity(string name, int quantity, string unit) => new(Cbc + name, new XAttribute("unitCode", unit), quantity.ToString(CultureInfo.InvariantCulture));

    private static XElement Text(string name, string text) => new(Cbc + name, Clean(text));

    // XML 1.0 has no control characters; a name with one must not make an invoice that nobody can read.
    private static string Clean(string text) => text.Any(char.IsControl) ? new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]) : text;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed class Utf8Writer(StringBuilder text) : StringWriter(text, CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    }
}
