using System.Collections.Immutable;

namespace OrleansBackup.Domain.Plans;

/// <summary>The plans that are sold now, from the documents of one or more folders. A plan is added by adding its file.</summary>
/// <remarks>A later folder's plan of the same id takes the place of an earlier one's.</remarks>
public sealed class PlanCatalog
{
    private readonly ImmutableSortedDictionary<string, ServicePlan> _plans;

    private PlanCatalog(ImmutableSortedDictionary<string, ServicePlan> plans) => _plans = plans;

    public static PlanCatalog Of(params IEnumerable<ServicePlan> plans) => new(plans.ToImmutableSortedDictionary(plan => plan.Id, plan => plan, StringComparer.Ordinal));

    /// <summary>By id.</summary>
    public IEnumerable<ServicePlan> All => _plans.Values;

    /// <summary>Null: no such plan is sold.</summary>
    public ServicePlan? Find(string id) => _plans.GetValueOrDefault(id);

    /// <summary>Reads every *.json of the folders.</summary>
    /// <param name="problems">What is wrong, each with the file that it is wrong in; empty: nothing.</param>
    public static PlanCatalog Read(IEnumerable<string> folders, out ImmutableArray<string> problems)
    {
        var (plans, wrong) = (new Dictionary<string, ServicePlan>(StringComparer.Ordinal), ImmutableArray.CreateBuilder<string>());
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                wrong.Add($"There is no folder '{folder}' with plans.");
                continue;
            }
            var here = new HashSet<string>(StringComparer.Ordinal);
            foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
                if (!PlanFile.TryRead(File.ReadAllText(file), out var plan, out var problem))
                    wrong.Add($"The plan in '{file}' cannot be used: {problem}");
                else if (!here.Add(plan.Id))
                    wrong.Add($"The plan in '{file}' has the id '{plan.Id}' of another file of that folder.");
                else
                    plans[plan.Id] = plan;
        }
        problems = wrong.ToImmutable();
        return Of(plans.Values);
    }
}
