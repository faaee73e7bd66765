using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.ClientApi;

/// <summary>Reads the ids that stand in addresses and bodies. What cannot be an id is a problem of that field, before any grain is asked.</summary>
internal static class AddressParts
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1_000;

    public static TenantId Tenant(string? text, string field = "tenant") => TenantId.TryParse(text, out var id)
        ? id
        : throw new ProblemException(Problem.InvalidField(field, $"'{field}' must be the directory id of a tenant: a GUID such as 00000000-0000-0000-0000-000000000001."));

    public static ResourceId Resource(string tenant, string resource) => Resource(Tenant(tenant), resource, "resource");

    public static ResourceId Resource(TenantId tenant, string? resource, string field) => ResourceId.TryParseLocalName(tenant, resource, out var id)
        ? id
        : throw new ProblemException(Problem.InvalidField(field, $"'{field}' must be a kind and an id, such as mailbox-00000000-0000-0000-0000-000000000001."));

    public static RunId Run(string run) => RunId.TryParse(run, out var id)
        ? id
        : throw new ProblemException(Problem.InvalidField("run", "'run' must be the id of a run: a GUID, as the list of runs gives it."));

    public static RestoreJobId Job(string job, string field = "job") => RestoreJobId.TryParse(job, out var id)
        ? id
        : throw new ProblemException(Problem.InvalidField(field, $"'{field}' must be the id of a restore job: a GUID, as the list of restores gives it."));

    /// <summary>An id of Microsoft 365 as it came in a path. The server leaves an encoded slash as it is, everything else is decoded already.</summary>
    public static string GraphId(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A part of the address, for what has no parameter of its own.</summary>
    public static string RouteText(this HttpContext context, string name) => context.Request.RouteValues[name]?.ToString() ?? "";

    public static int Limit(int? limit) => limit switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => limit.Value,
        _ => throw new ProblemException(Problem.InvalidField("limit", $"'limit' must be from 1 to {MaxLimit}.")),
    };
}
