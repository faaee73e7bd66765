using System.Globalization;
using System.Net;
using System.Text;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing.Documents;

/// <summary>An invoice to read and to print, in one language. Loads nothing from anywhere and runs nothing.</summary>
public static class InvoiceHtml
{
    private const string Style =
        "body{font:14px/1.4 system-ui,sans-serif;color:#111;max-width:50em;margin:2em auto;padding:0 1em}h1{font-size:1.5em}address{font-style:normal}" +
        ".parties{display:flex;gap:4em}table{border-collapse:collapse;width:100%;margin:1.5em 0}th,td{padding:.35em .5em;text-align:left;vertical-align:top;border-bottom:1px solid #bbb}" +
        ".n{text-align:right;white-space:nowrap}tfoot td{border:0}tfoot tr:last-child td{font-weight:bold;border-top:2px solid #111}small{color:#555}" +
        "@page{size:A4;margin:18mm}@media print{body{margin:0;max-width:none;font-size:11pt}tr{break-inside:avoid}thead{display:table-header-group}}";

    public static string Of(Invoice invoice, NoticeLanguage language)
    {
        var nl = language == NoticeLanguage.Nl;
        var title = (invoice.Kind, nl) switch { (DocumentKind.CreditNote, true) => "Creditfactuur", (DocumentKind.CreditNote, _) => "Credit note", (_, true) => "Factuur", _ => "Invoice" };
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"").Append(nl ? "nl" : "en").Append("\"><head><meta charset=\"utf-8\"><title>").Append(Safe($"{title} {invoice.Number}"))
            .Append("</title><style>").Append(Style).Append("</style></head>\n<body>\n<h1>").Append(Safe($"{title} {invoice.Number}")).Append("</h1>\n<div class=\"parties\">");
        Party(html, nl ? "Van" : "From", invoice.Provider, nl);
        Party(html, nl ? "Aan" : "To", invoice.Customer, nl);
        html.Append("</div>\n<p>").Append(nl ? "Datum: " : "Date: ").Append(Day(invoice.IssuedOn, nl));
        if (invoice.Kind == DocumentKind.Invoice)
            html.Append("<br>").Append(nl ? "Te betalen uiterlijk: " : "To be paid by: ").Append(Day(invoice.DueOn, nl));
        html.Append("<br>").Append(nl ? "Uw kenmerk: " : "Your reference: ").Append(Safe(invoice.Reference));
        if (invoice.Corrects is { } corrects)
            html.Append("<br>").Append(Safe(nl ? $"Correctie van factuur {corrects.Invoice} van {Day(corrects.IssuedOn, nl)}: {corrects.Reason}" : $"Correction of invoice {corrects.Invoice} of {Day(corrects.IssuedOn, nl)}: {corrects.Reason}"));
        html.Append("</p>\n<table><thead><tr>").Append(nl
            ? "<th>Omschrijving</th><th class=\"n\">Aantal</th><th class=\"n\">Prijs</th><th class=\"n\">Btw</th><th class=\"n\">Bedrag</th>"
            : "<th>Description</th><th class=\"n\">Quantity</th><th class=\"n\">Price</th><th class=\"n\">VAT</th><th class=\"n\">Amount</th>").Append("</tr></thead>\n<tbody>\n");
        foreach (var line in invoice.Lines)
            Line(html, line, language);
        html.Append("</tbody>\n<tfoot>\n");
        Total(html, nl ? "Totaal zonder btw" : "Total without VAT", invoice.Net, nl);
        foreach (var vat in invoice.Vat)
            Total(html, VatRule.Of(vat.Code).Reason is { } reason ? reason.In(language)
                : (nl ? "Btw " : "VAT ") + vat.Percent.ToString("0.##", CultureInfo.InvariantCulture) + (nl ? " % over " : " % of ") + Amount(vat.Taxable, nl), vat.Tax, nl);
        Total(html, invoice.Kind == DocumentKind.CreditNote ? nl ? "U krijgt terug" : "You get back" : nl ? "Te betalen" : "To be paid", invoice.Gross, nl);
        html.Append("</tfoot></table>\n");
        if (invoice is { Kind: DocumentKind.Invoice, Provider.Iban: { } iban })
            html.Append("<p>").Append(Safe(nl ? $"Betaal op {iban} met vermelding van {invoice.Number}." : $"Pay to {iban} and name {invoice.Number}.")).Append("</p>\n");
        return html.Append("</body></html>\n").ToString();
    }

    private static void Party(StringBuilder html, string label, BillingParty party, bool nl)
    {
        html.Append("<address><small>").Append(label).Append("</small><br>");
        html.AppendJoin("<br>", new[] { party.Name, party.Street, $"{party.PostalCode} {party.City}", party.Country }.Select(Safe));
        if (party.Registration is { } number)
            html.Append("<br>").Append(party.Country == "NL" && number.Length == 8 ? "KVK " : nl ? "Nummer " : "Number ").Append(Safe(number));
        if (party.Vat is { } vat)
            html.Append("<br>").Append(nl ? "Btw " : "VAT ").Append(Safe(vat));
        html.Append("</address>");
    }

    private static void Line(StringBuilder html, InvoiceLine line, NoticeLanguage language)
    {
        var nl = language == NoticeLanguage.Nl;
        html.Append("<tr><td>").Append(Safe(line.Description.In(language)));
        if (line.Basis is { Users: not null, CountedOn: { } day })
            html.Append("<br><small>").Append(nl ? "Geteld op " : "Counted on ").Append(Day(day, nl))
                .Append(line.Basis.IsCarried ? nl ? " (laatste telling vóór deze periode)" : " (last count before these days)" : "").Append("</small>");
        html.Append("</td><td class=\"n\">").Append(line.Quantity.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(UnitOf(line.Unit, nl))
            .Append("</td><td class=\"n\">").Append(Amount(line.Price, nl)).Append(line.Per == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" / {line.Per}"))
            .Append("</td><td class=\"n\">").Append(VatRule.Of(line.Vat).Percent.ToString("0.##", CultureInfo.InvariantCulture)).Append(" %</td><td class=\"n\">").Append(Amount(line.Amount, nl)).Append("</td></tr>\n");
    }

    // The label is ours, with a formatted amount in it; nothing from outside.
    private static void Total(StringBuilder html, string label, Money amount, bool nl) =>
        html.Append("<tr><td colspan=\"4\" class=\"n\">").Append(label).Append("</td><td class=\"n\">").Append(Amount(amount, nl)).Append("</td></tr>\n");

    private static string UnitOf(QuantityUnit unit, bool nl) => unit switch
    {
        QuantityUnit.UserMonths => nl ? "gebruikersmaanden" : "user months",
        QuantityUnit.UserDays => nl ? "gebruikersdagen" : "user days",
        QuantityUnit.Minutes => nl ? "minuten" : "minutes",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    private static string Amount(Money amount, bool nl)
    {
        var text = amount.Euros.ToString("#,##0.00", CultureInfo.InvariantCulture);
        return "€&nbsp;" + (nl ? text.Replace(',', ' ').Replace('.', ',').Replace(' ', '.') : text);
    }

    private static string Day(DateOnly day, bool nl) => day.ToString(nl ? "dd-MM-yyyy" : "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
