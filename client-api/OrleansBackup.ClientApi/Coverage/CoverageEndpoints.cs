using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Coverage;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.ClientApi.Coverage;

/// <summary>What is in the backup, how it comes back, and what Microsoft makes impossible.</summary>
internal static class CoverageEndpoints
{
    public static void MapCoverage(this IEndpointRouteBuilder api) =>
        api.MapGet("/coverage", List).Needs(Permission.SeeCatalogue, Reach.Nothing).WithTags("Coverage").WithSummary("Lists what is in the backup, how it comes back, and what Microsoft makes impossible.");

    private static Ok<CoverageBody> List() => TypedResults.Ok(new CoverageBody([.. CoverageTable.All.Select(CoverageLineBody.Of)]));
}

/// <summary>What is in the backup, and what is not.</summary>
public sealed record CoverageBody(ImmutableArray<CoverageLineBody> Lines);

/// <summary>One line of it.</summary>
/// <param name="What">In the words of a customer.</param>
/// <param name="Note">What is not kept, does not come back, or has to be known; empty: nothing.</param>
/// <param name="Losses">The words under which outcomes of a restore name what it may lose.</param>
public sealed record CoverageLineBody(ResourceKind Kind, string What, Kept Kept, ComesBack ComesBack, string Note, ImmutableArray<string> Losses)
{
    public static CoverageLineBody Of(CoverageEntry entry) => new(entry.Kind, entry.What, entry.Kept, entry.ComesBack, entry.Note, entry.Losses);
}
