using System.Globalization;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Users;

/// <summary>The directory: users, their changes, the kind of their mailbox, the organisation and its licences.</summary>
internal sealed class UserEndpoints(SimulatedWorld world)
{
    private const int DefaultPage = 100;
    private const int LargestPage = 999;

    // Source: delta query overview, "Tokens of directory resources are valid for seven days".
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(7);

    public IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/users", GraphService.Directory, KnownPermissions.UsersBasic, List) { Cost = 2 },
        new("GET", "/users/delta", GraphService.Directory, KnownPermissions.Users, Delta) { Cost = 2 },
        new("GET", "/users/{user}", GraphService.Directory, KnownPermissions.UsersBasic, Get),
        new("GET", "/users/{user}/mailboxSettings", GraphService.Exchange, KnownPermissions.MailboxSettings, Settings),
        new("GET", "/users/{user}/mailboxSettings/userPurpose", GraphService.Exchange, KnownPermissions.MailboxSettings, Purpose),
        new("GET", "/directory/deletedItems/microsoft.graph.user", GraphService.Directory, KnownPermissions.Users, Deleted),
        new("GET", "/organization", GraphService.Directory, KnownPermissions.Organization, Organization),
        new("GET", "/subscribedSkus", GraphService.Directory, KnownPermissions.Licences, Skus) { Cost = 3 },
    ];

    private static GraphResponse List(GraphRequest request)
    {
        var select = SelectOption.Read(request.Option("$select"), UserJson.IsKnown, UserJson.TypeName);
        if (request.Option("$filter") is not null || request.Option("$search") is not null)
            throw new GraphErrorException(400, "Request_UnsupportedQuery", "Filters are not supported on this list.");
        var wantsCount = request.Option("$count") == "true";
        if (wantsCount && request.Header("ConsistencyLevel")?.Equals("eventual", StringComparison.OrdinalIgnoreCase) != true)
            throw new GraphErrorException(400, "Request_UnsupportedQuery", "$count is not supported without the ConsistencyLevel header.");
        var page = request.Number("$top") ?? DefaultPage;
        if (page is < 1 or > LargestPage)
            throw new GraphErrorException(400, "Request_UnsupportedQuery", $"Invalid page size specified: '{page}'. Must be between 1 and {LargestPage} inclusive.");
        var skip = request.Option("$skiptoken") is { } token ? Skip(token) : 0;
        var users = request.Tenant.Directory.Users;
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#users");
            if (wantsCount)
                json.WriteNumber("@odata.count", users.Count);
            json.WriteStartArray("value");
            foreach (var user in users.Skip(skip).Take(page))
                Write(json, user, select);
            json.WriteEndArray();
            if (skip + page < users.Count)
                json.WriteString("@odata.nextLink", Paging.WithOption(request, "$skiptoken", OpaqueToken.Pack((skip + page).ToString(CultureInfo.InvariantCulture))));
            json.WriteEndObject();
        });
    }

    private static int Skip(string token) => OpaqueToken.TryUnpack(token, 1, out var fields)
        ? int.Parse(fields[0], CultureInfo.InvariantCulture)
        : throw new GraphErrorException(400, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.");

    private GraphResponse Delta(GraphRequest request)
    {
        foreach (var option in new[] { "$expand", "$orderby", "$top", "$filter", "$search" })
        {
            if (request.Option(option) is not null)
                throw new GraphErrorException(400, "Request_UnsupportedQuery", $"The query option '{option}' is not supported with change tracking.");
        }
        var directory = request.Tenant.Directory;
        var token = Token(request);
        var select = SelectOption.Read(token.Select, UserJson.IsKnown, UserJson.TypeName);
        var changes = directory.ChangesAfter(token.Position, token.Until).Where(change => !(token.IsFirst && change.User.IsDeleted)).ToList();
        var page = Math.Clamp(request.PreferredPageSize ?? DefaultPage, 1, LargestPage);
        var isLast = changes.Count <= page;
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#users");
            json.WriteStartArray("value");
            foreach (var change in changes.Take(page))
            {
                json.WriteStartObject();
                if (change.User.IsDeleted)
                {
                    json.WriteString("id", change.User.Id.ToString());
                    json.WriteStartObject("@removed");
                    json.WriteString("reason", "changed"); // recycled, can be restored
                    json.WriteEndObject();
                }
                else
                    UserJson.WriteProperties(json, change.User, select);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            var next = isLast
                ? new DirectoryToken(token.Until, 0, IsFirst: false, token.Select, world.Clock.GetUtcNow())
                : token with { Position = changes[page - 1].Sequence, Issued = world.Clock.GetUtcNow() };
            json.WriteString(isLast ? "@odata.deltaLink" : "@odata.nextLink", $"{request.ServiceRoot}/users/delta?{(isLast ? "$deltatoken" : "$skiptoken")}={next.Pack(request.Tenant.Id)}");
            json.WriteEndObject();
        });
    }

    private DirectoryToken Token(GraphRequest request)
    {
        var sequence = request.Tenant.Directory.Sequence;
        var text = request.Option("$skiptoken") ?? request.Option("$deltatoken") ?? request.Option("$deltaToken");
        if (text is null)
            return new DirectoryToken(0, sequence, IsFirst: true, request.Option("$select") ?? "", world.Clock.GetUtcNow());
        if (text == "latest")
            return new DirectoryToken(sequence, sequence, IsFirst: true, request.Option("$select") ?? "", world.Clock.GetUtcNow());
        var token = DirectoryToken.Read(text, request.Tenant.Id) ?? throw GraphErrors.BadRequest("Badly formed token.");
        if (world.Clock.GetUtcNow() - token.Issued > TokenLife)
            throw new GraphErrorException(410, "syncStateNotFound", "The delta token has expired; start again.") { Location = request.ServiceRoot + "/users/delta?$deltatoken=" };
        return token.Until == 0 ? token with { Until = sequence } : token;
    }

    private static GraphResponse Get(GraphRequest request)
    {
        var select = SelectOption.Read(request.Option("$select"), UserJson.IsKnownOfOne, UserJson.TypeName);
        var user = Find(request);
        if (select?.Contains("mailboxSettings") == true)
        {
            if (!request.Caller!.Permissions.Overlaps(KnownPermissions.MailboxSettings))
                throw new GraphErrorException(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
            MailAccess.Mailbox(request);
        }
        return GraphResponse.Json(200, json => Write(json, user, select, $"{request.ServiceRoot}/$metadata#users/$entity"));
    }

    private static GraphResponse Settings(GraphRequest request)
    {
        MailAccess.Mailbox(request);
        var user = Find(request);
        return GraphResponse.Json(200, json => UserJson.WriteMailboxSettings(json, user, $"{request.ServiceRoot}/$metadata#users('{user.Id}')/mailboxSettings"));
    }

    private static GraphResponse Purpose(GraphRequest request)
    {
        MailAccess.Mailbox(request);
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#users('{request.Values["user"]}')/mailboxSettings/userPurpose");
            json.WriteString("value", Find(request).Purpose);
            json.WriteEndObject();
        });
    }

    private static SimulatedUser Find(GraphRequest request) =>
        request.Tenant.Directory.Find(request.Values["user"]) ?? throw GraphErrors.DirectoryNotFound(request.Values["user"]);

    private static GraphResponse Deleted(GraphRequest request) => Collection(request, "directoryObjects/microsoft.graph.user", json =>
    {
        foreach (var version in request.Tenant.Directory.Deleted)
        {
            json.WriteStartObject();
            UserJson.WriteProperties(json, version.User, null);
            json.WritePropertyName("deletedDateTime");
            MessageProperties.Time(json, version.At);
            json.WriteEndObject();
        }
    });

    private static GraphResponse Organization(GraphRequest request) => Collection(request, "organization", json =>
    {
        json.WriteStartObject();
        json.WriteString("id", request.Tenant.Id.ToString());
        json.WriteString("displayName", request.Tenant.Name);
        json.WritePropertyName("createdDateTime");
        MessageProperties.Time(json, request.Tenant.CreatedAt);
        json.WriteStartArray("verifiedDomains");
        json.WriteStartObject();
        json.WriteString("capabilities", "Email, OfficeCommunicationsOnline");
        json.WriteBoolean("isDefault", true);
        json.WriteBoolean("isInitial", true);
        json.WriteString("name", request.Tenant.Domain);
        json.WriteString("type", "Managed");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static GraphResponse Skus(GraphRequest request) => Collection(request, "subscribedSkus", json =>
    {
        var licensed = request.Tenant.Directory.Users.Count(user => user.IsLicensed);
        json.WriteStartObject();
        json.WriteString("id", $"{request.Tenant.Id}_{UserJson.Sku}");
        json.WriteString("skuId", UserJson.Sku);
        json.WriteString("skuPartNumber", "SPE_E3");
        json.WriteString("appliesTo", "User");
        json.WriteString("capabilityStatus", "Enabled");
        json.WriteNumber("consumedUnits", licensed);
        json.WriteStartObject("prepaidUnits");
        json.WriteNumber("enabled", licensed + 5);
        json.WriteNumber("suspended", 0);
        json.WriteNumber("warning", 0);
        json.WriteNumber("lockedOut", 0);
        json.WriteEndObject();
        json.WriteStartArray("servicePlans");
        json.WriteStartObject();
        json.WriteString("servicePlanId", UserJson.ExchangePlan);
        json.WriteString("servicePlanName", "EXCHANGE_S_ENTERPRISE");
        json.WriteString("provisioningStatus", "Success");
        json.WriteString("appliesTo", "User");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static GraphResponse Collection(GraphRequest request, string context, Action<Utf8JsonWriter> items) => GraphResponse.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#{context}");
        json.WriteStartArray("value");
        items(json);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, SimulatedUser user, IReadOnlySet<string>? select, string? context = null)
    {
        json.WriteStartObject();
        if (context is not null)
            json.WriteString("@odata.context", context);
        UserJson.WriteProperties(json, user, select);
        json.WriteEndObject();
    }
}
