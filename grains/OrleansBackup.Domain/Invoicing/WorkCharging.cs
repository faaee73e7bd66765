using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Why a piece of work is charged or not.</summary>
public enum WorkReason
{
    /// <summary>The plan says that it is charged.</summary>
    ChargedByPlan = 1,

    /// <summary>The plan says that it is part of the service.</summary>
    IncludedByPlan = 2,

    /// <summary>A restore that did not deliver costs nothing.</summary>
    NotDelivered = 3,

    /// <summary>The conditions do not say, and nothing was agreed.</summary>
    NotAgreed = 4,

    /// <summary>A person decided.</summary>
    Decided = 5,
}

/// <param name="Charged">Whether the customer pays the time.</param>
public readonly record struct WorkVerdict(bool Charged, WorkReason Reason);

/// <summary>Decides who pays for a closed piece of work. Pure.</summary>
/// <remarks>Source: the plan's <see cref="WorkTerms"/>; a restore that brought nothing is charged only when a person says so with a reason.</remarks>
public static class WorkCharging
{
    /// <exception cref="InvalidOperationException">The work goes on.</exception>
    public static WorkVerdict Decide(WorkOrder order, WorkTerms terms)
    {
        var closing = order.Closing ?? throw new InvalidOperationException($"Work order {order.Id} is still open.");
        if (order.Decision is { } decision)
            return new(decision.Charge, WorkReason.Decided);
        var failed = order.Kind == WorkKind.Restore && !closing.Delivered;
        return (failed ? terms.UndeliveredRestore : Of(order.Kind, terms)) switch
        {
            WorkCharge.Chargeable => new(true, WorkReason.ChargedByPlan),
            WorkCharge.Included => new(false, failed ? WorkReason.NotDelivered : WorkReason.IncludedByPlan),
            WorkCharge.ByAgreement => new(false, failed ? WorkReason.NotDelivered : WorkReason.NotAgreed),
            var unknown => throw new InvalidOperationException($"Unknown charge {unknown}."),
        };
    }

    /// <summary>What is wrong with a person's decision; null: nothing.</summary>
    public static string? Problem(WorkOrder order, WorkDecision decision, WorkTerms terms) =>
        string.IsNullOrWhiteSpace(decision.Reason) || string.IsNullOrWhiteSpace(decision.By)
            ? "A decision on who pays needs a reason and who decided."
            : decision.Charge && Of(order.Kind, terms) == WorkCharge.ByAgreement && string.IsNullOrWhiteSpace(decision.Agreement)
                ? "The conditions do not say that this work is charged: name where the customer's agreement is found."
                : null;

    public static WorkCharge Of(WorkKind kind, WorkTerms terms) => kind switch
    {
        WorkKind.Restore => terms.Restore,
        WorkKind.Change => terms.Change,
        WorkKind.Rehearsal => terms.Rehearsal,
        WorkKind.CustomerFault => terms.CustomerFault,
        WorkKind.ProviderFault => terms.ProviderFault,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
