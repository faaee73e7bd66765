using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing.Documents;

/// <summary>An invoice, and the usage under it, as tables for a bookkeeping or a spreadsheet.</summary>
public static class InvoiceCsv
{
    public static string Of(Invoice invoice, NoticeLanguage language)
    {
        var csv = new CsvText().Row("number", "kind", "issued", "due", "customer", "line", "description", "from", "until", "quantity", "unit", "price", "per", "amount", "vat", "percent", "plan", "prices", "workOrder");
        foreach (var line in invoice.Lines)
            csv.Cell(invoice.Number).Cell(invoice.Kind == DocumentKind.CreditNote ? "creditNote" : "invoice").Cell(invoice.IssuedOn).Cell(invoice.DueOn).Cell(invoice.Customer.Name)
                .Cell(line.Number).Cell(line.Description.In(language)).Cell(line.From).Cell(line.Until).Cell(line.Quantity).Cell(UblInvoice.UnitCode(line.Unit)).Cell(line.Price).Cell(line.Per)
                .Cell(line.Amount).Cell(VatRule.Of(line.Vat).Category).Cell(VatRule.Of(line.Vat).Percent).Cell(line.Basis.Plan).Cell(line.Basis.Prices).Cell(line.Basis.WorkOrder?.ToString("D")).EndRow();
        return csv.ToString();
    }

    /// <summary>Day by day, with the names behind every count.</summary>
    public static string Of(IEnumerable<DayUsage> days)
    {
        var csv = new CsvText().Row("day", "observed", "count", "account", "name", "address", "counts", "reason");
        foreach (var on in days)
        {
            var day = on.Day;
            if (on.Accounts.IsEmpty)
                csv.Cell(day).Cell(on.Observed ? "yes" : "no").Cell(on.Count).Row("", "", "", "", "");
            foreach (var account in on.Accounts)
                csv.Cell(day).Cell("yes").Cell(on.Count).Cell(account.Account.Id).Cell(account.Account.Name).Cell(account.Account.Address).Cell(account.Counts ? "yes" : "no").Cell(account.Reason.ToString()).EndRow();
        }

        return csv.ToString();
    }
}
