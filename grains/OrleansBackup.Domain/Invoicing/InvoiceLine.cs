using Orleans;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>What a line of an invoice is for.</summary>
public enum LineKind
{
    /// <summary>Users of time that has passed.</summary>
    Users = 1,

    /// <summary>Users of time to come.</summary>
    UsersInAdvance = 2,

    /// <summary>Time that was paid in advance and is served on other terms: it goes back.</summary>
    AdvanceReturned = 3,

    /// <summary>Work by time.</summary>
    Work = 4,

    /// <summary>A part of an earlier invoice that is taken back.</summary>
    Correction = 5,
}

/// <summary>What a quantity counts.</summary>
public enum QuantityUnit
{
    /// <summary>Users times whole months.</summary>
    UserMonths = 1,

    /// <summary>Users times days of a month that is not charged whole.</summary>
    UserDays = 2,

    /// <summary>Minutes of work.</summary>
    Minutes = 3,
}

/// <summary>One line: how much of what, in which days, and on what the figure rests.</summary>
/// <param name="Quantity">Below zero on a line that takes back.</param>
/// <param name="Per">The price is for so many units: the days of the month, or 60 minutes. Keeps every quantity whole.</param>
[GenerateSerializer, Immutable, Alias("invoice-line")]
public sealed record InvoiceLine(
    [property: Id(0)] int Number,
    [property: Id(1)] LineKind Kind,
    [property: Id(2)] BothLanguages Description,
    [property: Id(3)] DateOnly From,
    [property: Id(4)] DateOnly Until,
    [property: Id(5)] int Quantity,
    [property: Id(6)] QuantityUnit Unit,
    [property: Id(7)] Money Price,
    [property: Id(8)] int Per,
    [property: Id(9)] Money Amount,
    [property: Id(10)] VatCode Vat,
    [property: Id(11)] LineBasis Basis)
{
    /// <summary>Rounded once, here: half a cent away from zero.</summary>
    public static Money AmountOf(int quantity, Money price, int per) => Money.Round(quantity * price.Euros / per);
}

/// <summary>What a line's figure rests on, so that anybody can follow it.</summary>
/// <param name="Plan">The plan's id and version.</param>
/// <param name="Prices">The price list's id and version.</param>
/// <param name="Users">How many users.</param>
/// <param name="CountedOn">The day on which there were so many.</param>
/// <param name="IsCarried">Nobody looked on any day of the time: it is the last count before it.</param>
[GenerateSerializer, Immutable, Alias("line-basis")]
public sealed record LineBasis(
    [property: Id(0)] string? Plan, [property: Id(1)] string? Prices, [property: Id(2)] int? Users, [property: Id(3)] DateOnly? CountedOn, [property: Id(4)] bool IsCarried, [property: Id(5)] Guid? WorkOrder)
{
    /// <summary>The number of the invoice of which this takes something back.</summary>
    [Id(6)] public string? TakenFrom { get; init; }
}
