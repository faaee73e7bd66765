using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>An order to destroy a tenant; who orders is the holder of the key.</summary>
/// <param name="Confirmation">Exactly <c>destroy</c>, a space, and the tenant's id.</param>
/// <param name="Why">Stands in the signed record.</param>
public sealed record DestructionRequestBody(string? Confirmation, string? Why) : IDestructiveOrder
{
    void IDestructiveOrder.Require(TenantId tenant)
    {
        if (string.IsNullOrWhiteSpace(Confirmation))
            throw new ProblemException(Problem.FieldMissing("confirmation"));
        if (Confirmation != $"destroy {tenant}")
            throw new ProblemException(Problem.InvalidField("confirmation", $"To destroy everything of this tenant, write exactly: destroy {tenant}"));
        if (string.IsNullOrWhiteSpace(Why))
            throw new ProblemException(Problem.FieldMissing("why"));
    }
}

/// <summary>The end of a tenant. It goes on by itself and cannot be undone.</summary>
/// <param name="Step">What it does or waits for now, in plain words.</param>
/// <param name="Problem">What went wrong last, or null.</param>
/// <param name="Objects">What the tenant had, with <paramref name="Bytes"/>; 0 until the record is made.</param>
/// <param name="ObjectsLeft">What the store may not delete yet; unreadable like the rest, and tried again each day.</param>
/// <param name="KeptUntil">When the last of it can go; null: nothing is left, or the store does not say.</param>
/// <param name="HasRecord">The signed record can be downloaded.</param>
public sealed record DestructionBody(
    DecisionBody Ordered, DestructionState State, string Step, string? Problem, DateTimeOffset? EndedAt, long Objects, long Bytes, long ObjectsLeft, string? KeptUntil,
    bool HasRecord)
{
    public static DestructionBody Of(TenantDestructionStatus status) => new(
        DecisionBody.Of(status.Ordered)!, status.State, status.Step, status.Problem, status.EndedAt, status.Objects, status.Bytes, status.ObjectsLeft, status.KeptUntil, status.HasRecord);
}
