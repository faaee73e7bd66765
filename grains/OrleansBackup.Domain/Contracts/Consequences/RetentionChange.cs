using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Scope;

namespace OrleansBackup.Domain.Contracts.Consequences;

/// <summary>Whether another rule lets a restore point go earlier than the present one: then somebody has to look at the list first.</summary>
/// <remarks>Pure and careful: where two rules cannot be compared it says yes, and the list shows what really goes.</remarks>
public static class RetentionChange
{
    // Day numbers of months and leap years repeat within four years, but for years such as 2100.
    private static readonly DateOnly First = new(2024, 1, 1);
    private const int Cycle = 1_461;

    public static bool Shortens(RetentionRule now, RetentionRule then) =>
        now.LegalHold && !then.LegalHold
        || then.Keep.Weeks < now.Keep.Weeks || then.Keep.Months < now.Keep.Months || then.Keep.Years < now.Keep.Years
        || Enumerable.Range(0, Cycle).Select(First.AddDays).Any(day => then.LastOwedDay(day) < now.LastOwedDay(day));
}

/// <summary>Whether another scope can let something leave the backup.</summary>
public static class ScopeChange
{
    private static readonly ResourceKind[] Kinds = [.. Enum.GetValues<ResourceKind>().Where(kind => kind.CanBeProtected())];

    public static bool Narrows(ProtectionScope now, ProtectionScope then) =>
        now.HiddenFolders && !then.HiddenFolders || Kinds.Any(kind => Narrows(now, then, RuleOf(now, kind), RuleOf(then, kind)));

    private static bool Narrows(ProtectionScope now, ProtectionScope then, KindRule before, KindRule after) => (before, after) switch
    {
        (KindRule.Nothing, _) => false,
        (_, KindRule.Nothing) => true,
        (KindRule.Everything, KindRule.Selection) => true,
        (KindRule.Everything, _) => !then.Excluded.IsSubsetOf(now.Excluded) || !then.ExcludedPurposes.IsSubsetOf(now.ExcludedPurposes) || !then.ExcludedPurposes.IsEmpty && !now.Selected.IsSubsetOf(then.Selected),
        (KindRule.Selection, KindRule.Selection) => !now.Selected.IsSubsetOf(then.Selected),
        // What was chosen may be left out by name or by purpose.
        _ => now.Selected.Overlaps(then.Excluded) || !then.ExcludedPurposes.IsEmpty && !now.Selected.IsSubsetOf(then.Selected),
    };

    private static KindRule RuleOf(ProtectionScope scope, ResourceKind kind) => scope.Kinds.TryGetValue(kind, out var rule) ? rule
        : scope.Mode == ScopeMode.Everything ? KindRule.Everything : KindRule.Selection;
}
