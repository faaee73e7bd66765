using System.Collections.Immutable;

namespace OrleansBackup.Domain.Plans;

/// <summary>A plan, or a deviation from one, that makes no sense. The message names every problem with its path.</summary>
public sealed class PlanProblemException(ImmutableArray<PlanProblem> problems, Exception? inner = null)
    : Exception(string.Join(" ", problems.Select(one => one.Path.Length == 0 ? one.Problem : $"{one.Path}: {one.Problem}")), inner)
{
    public ImmutableArray<PlanProblem> Problems { get; } = problems;
}
