using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>An order to take away what keeps restore points from being deleted: a legal hold, the brake on expiry, or the refusal of a vault that is not as it was left.</summary>
/// <remarks>Each is the last thing between somebody who has taken over one account and backups that go, so each takes two persons.</remarks>
/// <param name="Why">Kept with it, and in the audit book.</param>
public sealed record ReleaseOrderBody(string? Why) : IDestructiveOrder
{
    void IDestructiveOrder.Require(TenantId tenant)
    {
        if (string.IsNullOrWhiteSpace(Why))
            throw new ProblemException(Problem.FieldMissing("why"));
    }
}
