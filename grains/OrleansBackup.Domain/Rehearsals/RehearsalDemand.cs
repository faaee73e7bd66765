using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>How often a rehearsal has to be held and how many items it has to draw at least, so that every customer gets what was promised to him. Pure.</summary>
/// <param name="PerYear">1, 2, 4 or 12; 0: none by themselves.</param>
public sealed record RehearsalDemand(int PerYear, int MinimumItems)
{
    /// <summary>The greatest of what the plans in force promise; where none promises anything, <paramref name="otherwise"/>.</summary>
    public static RehearsalDemand Of(IEnumerable<RehearsalTerms> plans, RehearsalDemand otherwise)
    {
        var promised = plans.Where(plan => plan.Scope != RehearsalScope.None).ToList();
        return promised.Count == 0 ? otherwise : new(promised.Max(plan => plan.PerYear), promised.Max(plan => plan.MinimumItems));
    }
}
