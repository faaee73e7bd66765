using System.Collections.Immutable;
using OrleansBackup.Domain.Contracts.Consequences;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Contracts;

/// <summary>The settings that a plan asks for, as far as it says something: what the customer chose and left out, holds and the window stay.</summary>
internal static class AgreedSettings
{
    public static TenantSettings Of(TenantSettings present, ServicePlan plan)
    {
        var kinds = present.Scope.Kinds;
        foreach (var (kind, isSold) in Sold(plan.Scope))
            if (!isSold)
                kinds = kinds.SetItem(kind, KindRule.Nothing);
            else if (kinds.GetValueOrDefault(kind) == KindRule.Nothing)
                kinds = kinds.Remove(kind);
        return present with
        {
            Retention = plan.Retention.Rule() with { LegalHold = present.Retention.LegalHold, Keep = present.Retention.Keep },
            Scope = present.Scope.Mode == plan.Scope.Mode && kinds == present.Scope.Kinds ? present.Scope : present.Scope with { Mode = plan.Scope.Mode, Kinds = kinds },
        };
    }

    /// <summary>Whether points can go earlier, or something can leave the backup.</summary>
    public static bool CanLose(TenantSettings now, TenantSettings then) => RetentionChange.Shortens(now.Retention, then.Retention) || ScopeChange.Narrows(now.Scope, then.Scope);

    private static ImmutableArray<(ResourceKind Kind, bool IsSold)> Sold(ScopeTerms scope) =>
        [(ResourceKind.Mailbox, scope.Mail), (ResourceKind.OneDrive, scope.OneDrive), (ResourceKind.Site, scope.SharePoint), (ResourceKind.Team, scope.Teams)];
}
