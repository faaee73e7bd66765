using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>What keeps a resource's points from expiring, besides its retention.</summary>
/// <param name="Brake">Null: it was never on.</param>
/// <param name="LegalHold">Of the resource itself; null: there was none.</param>
/// <param name="TenantHold">The tenant's settings hold everything.</param>
public sealed record ExpiryStandingBody(BrakeBody? Brake, LegalHoldBody? LegalHold, bool TenantHold)
{
    public static ExpiryStandingBody Of(ExpiryStanding standing) => new(BrakeBody.Of(standing.Brake), LegalHoldBody.Of(standing.Hold), standing.TenantHold);
}

/// <summary>The brake: it goes on by itself when changes look like mass deletion or rewriting, and off when somebody has looked.</summary>
/// <param name="Point">The newest restore point when it went on.</param>
/// <param name="Released">Null while it is on.</param>
public sealed record BrakeBody(bool On, DateTimeOffset Since, long Point, ImmutableArray<string> Reasons, DecisionBody? Released)
{
    public static BrakeBody? Of(BrakeRecord? brake) => brake is null ? null : new(brake.IsOn, brake.Since, brake.Point, brake.Reasons, DecisionBody.Of(brake.Released));
}

/// <summary>A legal hold of one resource.</summary>
/// <param name="Lifted">Null while it stands.</param>
public sealed record LegalHoldBody(bool Stands, DecisionBody Placed, DecisionBody? Lifted)
{
    public static LegalHoldBody? Of(LegalHoldRecord? hold) => hold is null ? null : new(hold.Stands, DecisionBody.Of(hold.Placed)!, DecisionBody.Of(hold.Lifted));
}

/// <summary>Who decided something, when and why.</summary>
public sealed record DecisionBody(string Who, string Why, DateTimeOffset At)
{
    public static DecisionBody? Of(PersonsDecision? decision) => decision is null ? null : new(decision.Who, decision.Why, decision.At);
}

/// <summary>Why something is decided; who decides is the holder of the key.</summary>
public sealed record WhyBody(string? Why);
