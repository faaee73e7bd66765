using Microsoft.AspNetCore.Mvc;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>Ends a request with a problem that one of the factories of <see cref="Problems.Problem"/> made.</summary>
public sealed class ProblemException(ProblemDetails problem) : Exception(problem.Detail)
{
    public ProblemDetails Problem { get; } = problem;
}
