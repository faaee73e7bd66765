using Orleans;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>What kind of work was done; the plan says of each who pays for it.</summary>
public enum WorkKind
{
    /// <summary>Something was brought back from the backup.</summary>
    Restore = 1,

    /// <summary>The set-up of the backup was changed.</summary>
    Change = 2,

    /// <summary>A restore test that the customer asked for himself.</summary>
    Rehearsal = 3,

    /// <summary>A problem that a change by the customer caused.</summary>
    CustomerFault = 4,

    /// <summary>Any other problem with the backup.</summary>
    ProviderFault = 5,
}

/// <summary>A piece of work that was done for a customer, with its time, so that the next invoice can charge it or say that it is included.</summary>
/// <param name="Subject">What the work was on: the id of a restore job, a change request, a resource… Ids, never content.</param>
/// <param name="Description">What the invoice says of it.</param>
/// <param name="CauseReference">Where the cause is recorded: a run, a fault, a request; null where the subject says it.</param>
/// <remarks>Source: "de tijd, die wij hieraan besteden, zullen doorberekenen tegen het gangbare tarief voor support werkzaamheden". Its rate is that of the price list on the day of closing.</remarks>
[GenerateSerializer, Immutable, Alias("work-order")]
public sealed record WorkOrder(
    [property: Id(0)] Guid Id,
    [property: Id(1)] WorkKind Kind,
    [property: Id(2)] string Subject,
    [property: Id(3)] BothLanguages Description,
    [property: Id(4)] string? CauseReference,
    [property: Id(5)] DateTimeOffset OpenedAt)
{
    /// <summary>Null: the work goes on.</summary>
    [Id(6)] public WorkClosing? Closing { get; init; }

    /// <summary>What a person decided against the plan's rule; null: the rule holds.</summary>
    [Id(7)] public WorkDecision? Decision { get; init; }

    /// <summary>The invoice that it is on, charged or as included; null: none yet.</summary>
    [Id(8)] public string? Invoice { get; init; }

    /// <summary>The same piece of work, however often it is reported.</summary>
    public bool IsSameWork(WorkKind kind, string subject, string? causeReference) => Kind == kind && Subject == subject && CauseReference == causeReference;
}

/// <summary>How a piece of work ended.</summary>
/// <param name="Minutes">Time that a person spent on it.</param>
/// <param name="Delivered">Whether the customer got what it was for.</param>
[GenerateSerializer, Immutable, Alias("work-closing")]
public sealed record WorkClosing([property: Id(0)] DateTimeOffset At, [property: Id(1)] int Minutes, [property: Id(2)] bool Delivered)
{
    /// <summary>More than a month of work is a mistake in the unit.</summary>
    public const int MostMinutes = 31 * 24 * 60;
}

/// <summary>A person's decision on who pays for one piece of work.</summary>
/// <param name="Reason">Never empty: a charge against the rule has to be explained to the customer.</param>
/// <param name="Agreement">Where the customer's agreement is found; needed where the conditions do not say who pays.</param>
/// <param name="By">Who decided.</param>
[GenerateSerializer, Immutable, Alias("work-decision")]
public sealed record WorkDecision(
    [property: Id(0)] bool Charge, [property: Id(1)] string Reason, [property: Id(2)] string? Agreement, [property: Id(3)] string By, [property: Id(4)] DateTimeOffset At);
