using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.GrainInterfaces.Resources;

/// <summary>What keeps a resource's points from expiring, besides its retention.</summary>
/// <param name="Brake">Null: it was never on.</param>
/// <param name="Hold">The newest legal hold of the resource itself; null: there was none.</param>
/// <param name="TenantHold">The tenant's rule holds everything.</param>
[GenerateSerializer, Immutable, Alias("expiry-standing")]
public sealed record ExpiryStanding(
    [property: Id(0)] BrakeRecord? Brake, [property: Id(1)] LegalHoldRecord? Hold, [property: Id(2)] bool TenantHold);

/// <summary>One time that the brake went on, and who released it.</summary>
/// <param name="Point">The newest restore point when it went on.</param>
/// <param name="Reasons">What looked like mass deletion or rewriting, in words.</param>
/// <param name="Released">Null: it is on.</param>
/// <param name="ReleasedPoint">The newest restore point that who released it could see.</param>
[GenerateSerializer, Immutable, Alias("brake-record")]
public sealed record BrakeRecord(
    [property: Id(0)] DateTimeOffset Since, [property: Id(1)] long Point, [property: Id(2)] ImmutableArray<string> Reasons,
    [property: Id(3)] PersonsDecision? Released, [property: Id(4)] long ReleasedPoint)
{
    public bool IsOn => Released is null;
}

/// <summary>A legal hold of one resource.</summary>
/// <param name="Lifted">Null: it stands.</param>
[GenerateSerializer, Immutable, Alias("legal-hold-record")]
public sealed record LegalHoldRecord([property: Id(0)] PersonsDecision Placed, [property: Id(1)] PersonsDecision? Lifted)
{
    public bool Stands => Lifted is null;
}

/// <summary>Who decided something, when and why.</summary>
[GenerateSerializer, Immutable, Alias("persons-decision")]
public sealed record PersonsDecision([property: Id(0)] string Who, [property: Id(1)] string Why, [property: Id(2)] DateTimeOffset At);
