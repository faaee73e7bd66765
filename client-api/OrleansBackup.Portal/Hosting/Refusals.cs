using OrleansBackup.ClientApi.Problems;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.Portal.Hosting;

/// <summary>What the service says when it refuses an act: shown on the page of the act, so that what was written is not lost.</summary>
internal static class Refusals
{
    /// <returns>In the service's own words; null: it is an error and no refusal.</returns>
    public static string? TextOf(Exception exception) => exception switch
    {
        ProblemException problem => problem.Problem.Detail ?? problem.Problem.Title,
        ServiceException refused => refused.Message,
        _ => null,
    };

    /// <summary>The part of the request that is wrong, as the API calls it; null: the refusal is about no part of it.</summary>
    public static string? FieldOf(Exception exception) => exception switch
    {
        ProblemException problem => problem.Problem.Extensions.TryGetValue("field", out var field) ? field?.ToString() : null,
        InvalidRequestException invalid => invalid.Field,
        _ => null,
    };
}
