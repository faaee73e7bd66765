using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Days for which users were charged, at what price and on which terms. What is in no period was not charged, so that nothing is charged twice or never.</summary>
/// <param name="Terms">The terms of charging in one word, see <see cref="ChargedPeriods.TermsOf"/>: days that are now served on others go back.</param>
/// <param name="Invoice">The document that charged them.</param>
[GenerateSerializer, Immutable, Alias("charged-period")]
public sealed record ChargedPeriod(
    [property: Id(0)] DateOnly From,
    [property: Id(1)] DateOnly Until,
    [property: Id(2)] int Users,
    [property: Id(3)] Money UserMonth,
    [property: Id(4)] VatCode Vat,
    [property: Id(5)] string Terms,
    [property: Id(6)] LineBasis Basis,
    [property: Id(7)] string Invoice)
{
    public bool Contains(DateOnly day) => day >= From && day <= Until;
}

/// <summary>Reckoning with charged days.</summary>
public static class ChargedPeriods
{
    /// <summary>What decides how a day is charged, in one word. Stored: the form never changes.</summary>
    public static string TermsOf(BillingTerms terms) => string.Create(CultureInfo.InvariantCulture,
        $"{terms.Cycle}/{terms.Month}/{(terms.InAdvance ? "advance" : "arrears")}/{terms.Metric}/{terms.PriceList}/{Flag(terms.Users.DisabledAccounts)}{Flag(terms.Users.Guests)}{Flag(terms.Users.SharedMailboxes)}{Flag(terms.Users.UnlicensedAccounts)}");

    public static bool Covers(this ImmutableArray<ChargedPeriod> periods, DateOnly day) => periods.Any(period => period.Contains(day));

    /// <summary>The same without some days, which may cut a period in two.</summary>
    public static ImmutableArray<ChargedPeriod> Without(this ImmutableArray<ChargedPeriod> periods, DateOnly from, DateOnly until) =>
    [
        .. periods.SelectMany(period => period.Until < from || period.From > until ? [period]
            : new[] { period with { Until = from.AddDays(-1) }, period with { From = until.AddDays(1) } }.Where(part => part.From <= part.Until)),
    ];

    private static char Flag(bool counts) => counts ? '1' : '0';
}
