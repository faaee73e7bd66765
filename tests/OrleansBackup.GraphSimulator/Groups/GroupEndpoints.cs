using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Groups;

/// <summary>The directory's groups: listed, told as changes, with their people.</summary>
internal sealed class GroupEndpoints(SimulatedWorld world)
{
    private const string TypeName = "microsoft.graph.group";
    private const int DefaultPage = 100;
    private const int LargestPage = 999;
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(7);

    private static readonly FrozenSet<string> Known = new[]
    {
        "id", "displayName", "description", "mail", "mailEnabled", "mailNickname", "groupTypes", "resourceProvisioningOptions", "securityEnabled", "visibility", "createdDateTime", "members", "owners",
    }.ToFrozenSet();

    public IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/groups", GraphService.Directory, CollaborationPermissions.Groups, List),
        new("GET", "/groups/delta", GraphService.Directory, CollaborationPermissions.Groups, Delta),
        new("GET", "/groups/{group}", GraphService.Directory, CollaborationPermissions.Groups, request => GraphNodes.One(Show(Find(request), Select(request)))),
        new("GET", "/groups/{group}/members", GraphService.Directory, CollaborationPermissions.GroupMembers, request => People(request, Find(request).Members)) { Cost = 3 },
        new("GET", "/groups/{group}/owners", GraphService.Directory, CollaborationPermissions.GroupOwners, request => People(request, Find(request).Owners)) { Cost = 2 },
    ];

    private static GraphResponse List(GraphRequest request)
    {
        var select = Select(request);
        var groups = request.Tenant.Collaboration.Groups.Living.Select(version => version.State);
        switch (request.Option("$filter")?.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant())
        {
            case null:
                break;
            case "grouptypes/any(c:ceq'unified')":
                groups = groups.Where(group => group.IsUnified);
                break;
            case "resourceprovisioningoptions/any(x:xeq'team')":
                groups = groups.Where(group => group.IsTeam);
                break;
            default:
                throw new GraphErrorException(400, "Request_UnsupportedQuery", "The filter is not supported.");
        }
        return GraphNodes.Page(request, [.. groups], group => Show(group, select), DefaultPage, LargestPage);
    }

    private GraphResponse Delta(GraphRequest request)
    {
        if (request.Option("$top") is not null || request.Option("$expand") is not null || request.Option("$filter") is not null)
            throw new GraphErrorException(400, "Request_UnsupportedQuery", "The query option is not supported with change tracking.");
        var groups = request.Tenant.Collaboration.Groups;
        var (position, until, isFirst, chosen) = Round(request, groups);
        var select = SelectOption.Read(chosen.Length == 0 ? null : chosen, Known.Contains, TypeName);
        var page = groups.Changes(position, until, isFirst, Math.Clamp(request.PreferredPageSize ?? DefaultPage, 1, LargestPage));
        var answer = new JsonObject { ["value"] = new JsonArray([.. page.Changes.Select(change => change.IsDeleted ? Removed(change.State) : Show(change.State, select))]) };
        var next = OpaqueToken.Pack("groups", Format(page.Position), Format(page.IsLast ? 0 : until), isFirst && !page.IsLast ? "1" : "0", chosen, Format(world.Clock.GetUtcNow().UtcTicks));
        answer[page.IsLast ? "@odata.deltaLink" : "@odata.nextLink"] = $"{request.ServiceRoot}/groups/delta?{(page.IsLast ? "$deltatoken" : "$skiptoken")}={next}";
        return GraphNodes.One(answer);
    }

    private (long Position, long Until, bool IsFirst, string Select) Round(GraphRequest request, ChronicleBook<SimulatedGroup> groups)
    {
        if ((request.Option("$skiptoken") ?? request.Option("$deltatoken")) is not { } text)
            return (0, groups.Sequence, true, request.Option("$select") ?? "");
        if (!OpaqueToken.TryUnpack(text, 6, out var fields) || fields[0] != "groups")
            throw GraphErrors.BadRequest("Badly formed token.");
        if (world.Clock.GetUtcNow().UtcTicks - Number(fields[5]) > TokenLife.Ticks)
            throw new GraphErrorException(410, "syncStateNotFound", "The delta token has expired; start again.") { Location = request.ServiceRoot + "/groups/delta?$deltatoken=" };
        var until = Number(fields[2]);
        return (Number(fields[1]), until == 0 ? groups.Sequence : until, fields[3] == "1", fields[4]);
    }

    private static GraphResponse People(GraphRequest request, IReadOnlyList<Guid> people) =>
        GraphNodes.Page(request, [.. people.Select(id => request.Tenant.Directory.Find(id.ToString())).OfType<SimulatedUser>()], user => new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.user", ["id"] = user.Id.ToString(), ["displayName"] = user.DisplayName, ["mail"] = user.Mail, ["userPrincipalName"] = user.UserPrincipalName,
        }, DefaultPage, LargestPage);

    internal static SimulatedGroup Find(GraphRequest request) =>
        request.Tenant.Collaboration.Groups.Find(request.Values["group"].ToLowerInvariant())?.State ?? throw GraphErrors.DirectoryNotFound(request.Values["group"]);

    private static IReadOnlySet<string>? Select(GraphRequest request) => SelectOption.Read(request.Option("$select"), Known.Contains, TypeName);

    private static JsonObject Removed(SimulatedGroup group) => new() { ["id"] = group.Id.ToString(), ["@removed"] = new JsonObject { ["reason"] = "changed" } };

    private static JsonObject Show(SimulatedGroup group, IReadOnlySet<string>? select) => GraphNodes.Selected(new JsonObject
    {
        ["id"] = group.Id.ToString(),
        ["displayName"] = group.DisplayName,
        ["description"] = group.Description,
        ["mail"] = group.Mail,
        ["mailEnabled"] = group.IsUnified,
        ["mailNickname"] = group.Mail?.Split('@')[0],
        ["groupTypes"] = group.IsUnified ? new JsonArray("Unified") : [],
        ["resourceProvisioningOptions"] = group.IsTeam ? new JsonArray("Team") : [],
        ["securityEnabled"] = !group.IsUnified,
        ["visibility"] = group.Visibility,
        ["createdDateTime"] = GraphNodes.Time(group.CreatedAt),
    }, select);

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);
}
