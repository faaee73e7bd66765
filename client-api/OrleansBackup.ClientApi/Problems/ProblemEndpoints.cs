using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>What every kind of error means and what to do about it, without a key: also whoever cannot sign in may ask.</summary>
internal static class ProblemEndpoints
{
    public static void MapProblemTypes(this IEndpointRouteBuilder api)
    {
        var problems = api.MapGroup("/problems").WithTags("Problems").AllowAnonymous();
        problems.MapGet("", List).WithSummary("Lists every kind of error with its cause and its cure, in Dutch and English.");
        problems.MapGet("/{type}", Get).WithSummary("Explains a kind of error, by the last part of its type.");
    }

    private static Ok<ProblemTypeListBody> List() => TypedResults.Ok(new ProblemTypeListBody([.. ProblemCatalogue.All.Select(ProblemTypeBody.Of)]));

    private static Ok<ProblemTypeBody> Get(string type) => ProblemCatalogue.Find(type) is { } found
        ? TypedResults.Ok(ProblemTypeBody.Of(found))
        : throw new ProblemException(Problem.NotFound("There is no such kind of error; /api/v1/problems lists those there are."));
}

/// <summary>Every kind of error.</summary>
public sealed record ProblemTypeListBody(ImmutableArray<ProblemTypeBody> Problems);

/// <summary>A kind of error.</summary>
/// <param name="Type">What the member type of a problem document says.</param>
/// <param name="Status">The status of the answers, unless an answer says a more exact one.</param>
/// <param name="Cause">What led to it.</param>
/// <param name="Cure">What to do.</param>
public sealed record ProblemTypeBody(string Type, string Slug, int Status, BothLanguages Title, BothLanguages Cause, BothLanguages Cure)
{
    public static ProblemTypeBody Of(ProblemType type) => new(type.Uri, type.Slug, type.Status, type.Title, type.Cause, type.Cure);
}
