using System.CommandLine;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>What invoices rest on besides usage: to whom they go, what came in for them, work that was done, and prices.</summary>
internal static class BillingCommands
{
    private static readonly Column[] Profile =
    [
        Column.Text("customer", "customer.name"), Column.Text("street", "customer.street"), Column.Text("postal code", "customer.postalCode"), Column.Text("city", "customer.city"), Column.Text("country", "customer.country"), Column.Text("reference", "reference"),
    ];

    private static readonly Column[] Payments =
        [Column.Text("ON", "on"), Column.Text("INVOICE", "invoice"), Column.Money("AMOUNT", "amount"), Column.Text("BOOKED BY", "by"), Column.Id("ID", "id")];

    private static readonly Column[] Work =
    [
        Column.Time("OPENED", "openedAt"), Column.Text("KIND", "kind"), Column.Text("WHAT", "description.en"), Column.Text("SUBJECT", "subject"), Column.Time("CLOSED", "closing.at"), Column.Number("MINUTES", "closing.minutes"),
        Column.Text("DELIVERED", "closing.delivered"), Column.Text("CHARGED BY DECISION", "decision.charge"), Column.Id("ID", "id"),
    ];

    private static readonly Column[] Prices =
        [Column.Id("LIST", "id"), Column.Text("NAME", "name.en"), Column.Number("VERSIONS", "versions"), Column.Of("NEWEST FROM", list => list.Items("versions") is [.., var newest] ? newest.Text("validFrom") : "")];

    public static Command Billing(Verbs verbs) => Verbs.Group("billing", "To whom invoices go, and what came in for them.",
        verbs.Show("profile", "Shows to whom and how the customer's invoices are made.", "tenants/{tenant}/billing-profile", Profile),
        verbs.Put("set-profile", "Says to whom and how invoices are made from now on; issued ones stay.", "tenants/{tenant}/billing-profile", Profile),
        verbs.List("payments", "Lists what the customer paid.", "tenants/{tenant}/payments", "payments", Payments),
        verbs.Send("pay", "Books a payment. Safe to repeat: the bank's id of it is booked once.", "POST tenants/{tenant}/payments", Payments,
            Field.Text("--id", "id", "the bank's id of it", "ID"), Field.Text("--invoice", "invoice", "number of the invoice", "NUMBER"), Field.Day("--on", "on", "the day it came in"), Field.Amount("--amount", "amount", "euros; below zero: it went back")),
        verbs.Send("credit", "Takes back an invoice, or the parts of it that a file names, by a credit note.", "POST tenants/{tenant}/invoices/{invoice}/credit-notes",
            [Column.Id("credit note", "number"), Column.Text("SHA-256", "sha256")], Field.Text("--reason", "reason", "the customer reads it"), Field.File("--lines", "lines", "file with the lines to take back")),
        verbs.Save("usage", "Saves a month's users day by day, for a spreadsheet.", "tenants/{tenant}/usage.csv", Field.TextIfAny("--month", "month", "such as 2026-03; without it, the present month", "MONTH")),
        verbs.Show("liability", "Says what the customer paid in the months before a day, and what was delivered in them.", "tenants/{tenant}/liability",
            [Column.Text("from", "from"), Column.Text("until", "day"), Column.Money("paid", "paid"), Column.Money("delivered", "accrued")], Field.DayIfAny("--as-of", "asOf", "the day"), Field.Number("--months", "months", "how many months count")));

    public static Command WorkOrders(Verbs verbs) => Verbs.Group("work", "Work that was done for customers.",
        verbs.List("list", "Lists the work that was done for a customer, newest first.", "tenants/{tenant}/work-orders", "workOrders", Work, Field.Flag("--open", "open", "only what is not ended")),
        verbs.Send("open", "Opens a piece of work. Safe to repeat: the same kind, subject and cause are the same work.", "POST tenants/{tenant}/work-orders", Work,
            Field.Word("--kind", "kind", "what it is", "restore", "change", "rehearsal", "customerFault", "providerFault"), Field.Text("--subject", "subject", "what it is on, unique for it"),
            Field.Text("--nl", "description.nl", "what the invoice says of it, in Dutch"), Field.Text("--en", "description.en", "the same in English"), Field.TextIfAny("--cause", "causeReference", "what caused it")),
        verbs.Send("close", "Ends a piece of work with the time spent.", "POST tenants/{tenant}/work-orders/{order}/closing", Work,
            Field.Number("--minutes", "minutes", "time spent"), Field.YesOrNo("--delivered", "delivered", "whether the customer got what it was for")),
        verbs.Send("decide", "Decides who pays for a piece of work, against the plan's rule or where it has none.", "POST tenants/{tenant}/work-orders/{order}/decision", Work,
            Field.YesOrNo("--charge", "charge", "whether the customer pays"), Field.Text("--reason", "reason", "why"), Field.TextIfAny("--agreement", "agreement", "where the customer's agreement is found")));

    public static Command PriceLists(Verbs verbs) => Verbs.Group("prices", "Price lists.",
        verbs.List("list", "Lists the price lists.", "price-lists", "priceLists", Prices),
        verbs.Show("show", "Shows a price list with all its versions.", "price-lists/{list}",
            [Column.Id("list", "id"), Column.Text("name", "name.en"), Column.Of("versions", list => string.Join("; ", list.Items("versions").Select(version => $"{version.Text("version")} from {version.Text("validFrom")}")))]),
        verbs.Put("put", "Adds a price list, or versions to one. Versions that have begun do not change.", "price-lists/{list}", Prices),
        verbs.Send("index", "Raises the prices of a list by a percentage from a day to come.", "POST price-lists/{list}/indexations", Prices,
            Field.Day("--from", "validFrom", "the first day"), Field.Amount("--percent", "percent", "3.5 is three and a half per cent more"), Field.Text("--reason", "reason", "why")));
}
