using System.Globalization;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>The simulator's own administration over HTTP, under <c>/_sim</c>. JSON in and out; open to anybody on loopback.</summary>
internal sealed class AdminEndpoints(SimulatorAdmin admin)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ThingsAdmin _things = new(admin);

    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToArray();
            var answer = await RouteAsync(context, context.Request.Method, path);
            if (answer is ReadOnlyMemory<byte> bytes)
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            else
                await context.Response.WriteAsJsonAsync(answer, answer.GetType(), Json, context.RequestAborted);
        }
        catch (Exception e) when (e is KeyNotFoundException or ArgumentException or FormatException or JsonException or DirectoryNotFoundException or InvalidOperationException or System.Security.Cryptography.CryptographicException)
        {
            context.Response.StatusCode = e is KeyNotFoundException ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = e.Message }, context.RequestAborted);
        }
    }

    private async Task<object> RouteAsync(HttpContext context, string method, string[] path)
    {
        var world = admin.World;
        switch (method, path)
        {
            case ("POST", ["tenants"]):
                return admin.CreateTenant(await ReadAsync<TenantRecipe>(context));
            case ("GET", ["tenants"]):
                return world.Tenants.Select(tenant => new { tenantId = tenant.Id, tenant.Name, tenant.Domain, clientId = tenant.App.ClientId, clientSecret = tenant.App.ClientSecret, permissions = tenant.Permissions.Order(StringComparer.Ordinal) }).ToList();
            case ("GET", ["clock"]):
                return new { now = world.Clock.GetUtcNow() };
            case ("PUT", ["clock"]):
                world.Clock.Set((await ReadAsync<ClockBody>(context)).Now ?? throw new ArgumentException("'now' is missing."));
                return new { now = world.Clock.GetUtcNow() };
            case ("POST", ["clock", "advance"]):
                world.Clock.Advance((await ReadAsync<ClockBody>(context)).By ?? throw new ArgumentException("'by' is missing."));
                return new { now = world.Clock.GetUtcNow() };
            case ("GET", ["statistics"]):
                return world.Statistics.View();
            case ("POST", ["statistics", "reset"]):
                world.Statistics.Reset();
                return Done;
            case ("GET", ["limits"]):
                return world.Limits.Current;
            case ("PUT", ["limits"]):
                world.Limits.Current = await ReadAsync<LimitSettings>(context);
                return world.Limits.Current;
            case ("GET", ["faults"]):
                return new { allPlayed = world.Faults.AllPlayed, faults = world.Faults.View() };
            case ("POST", ["faults"]):
                world.Faults.Add(await ReadAsync<Fault>(context));
                return new { allPlayed = world.Faults.AllPlayed, faults = world.Faults.View() };
            case ("DELETE", ["faults"]):
                world.Faults.Clear();
                return Done;
            case (_, ["tenants", var tenant, .. var rest]):
                return await TenantAsync(context, method, tenant, rest);
            default:
                throw new KeyNotFoundException($"No such operation: {method} /_sim/{string.Join('/', path)}");
        }
    }

    private async Task<object> TenantAsync(HttpContext context, string method, string tenant, string[] path)
    {
        switch (method, path)
        {
            case ("PUT", ["permissions"]):
                var permissions = await ReadAsync<PermissionsBody>(context);
                admin.SetPermissions(tenant, permissions.Permissions, permissions.RevokeTokens);
                return Done;
            case ("PUT", ["sign-in-error"]):
                admin.SetSignInError(tenant, (await ReadAsync<SignInErrorBody>(context)).Number);
                return Done;
            case ("POST", ["certificates"]):
                return new { thumbprint = admin.RegisterCertificate(tenant, Needed((await ReadAsync<CertificateBody>(context)).Pem, "pem")) };
            case ("DELETE", ["certificates", var thumbprint]):
                admin.UnregisterCertificate(tenant, thumbprint);
                return Done;
            case ("POST", ["life"]):
                return admin.PlayLife(tenant, await ReadAsync<LifeRecipe>(context));
            case ("GET", ["mailboxes"]):
                return admin.Mailboxes(tenant);
            case ("GET", ["users"]):
                return admin.Tenant(tenant).Directory.UsersAt(Time(context) ?? admin.World.Clock.GetUtcNow());
            case ("POST", ["users"]):
                return admin.AddUser(tenant, (await ReadAsync<SeedBody>(context)).Seed);
            case ("DELETE", ["users", var leaving]):
                admin.RemoveUser(tenant, leaving);
                return Done;
            case ("GET", ["drives", var owner, "state"]):
                return admin.DriveState(tenant, owner, Time(context));
            case ("POST", ["drives", var owner, "forget-delta-tokens"]):
                admin.Drive(tenant, owner).ForgetDeltaTokens();
                return Done;
            case ("GET", ["things", var ownerKind, var owner]):
                return _things.Read(tenant, ownerKind, owner, Time(context));
            case ("DELETE", ["things", var ownerKind, var owner]):
                var thing = await ReadAsync<ThingBody>(context);
                _things.Delete(tenant, ownerKind, owner, Needed(thing.Kind, "kind"), Needed(thing.Id, "id"));
                return Done;
            case ("GET", ["sent"]):
                return new { messages = _things.CountSent(tenant) };
            case (_, ["mailboxes", var user, .. var rest]):
                return await MailboxAsync(context, method, tenant, user, rest);
            default:
                throw new KeyNotFoundException("No such operation on a tenant.");
        }
    }

    private async Task<object> MailboxAsync(HttpContext context, string method, string tenant, string user, string[] path)
    {
        switch (method, path)
        {
            case ("GET", ["state"]):
                var size = context.Request.Query["pageSize"].ToString() is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 500;
                return admin.State(tenant, user, Time(context), context.Request.Query["cursor"].ToString() is { Length: > 0 } cursor ? cursor : null, size);
            case ("GET", ["messages", var message, "mime"]):
                return admin.Mime(tenant, user, message, Time(context));
            case ("POST", ["delete-message"]):
                var delete = await ReadAsync<ChangeBody>(context);
                admin.DeleteMessage(tenant, user, Needed(delete.MessageId, "messageId"), delete.Hard);
                return Done;
            case ("POST", ["delete-folder"]):
                var folder = await ReadAsync<ChangeBody>(context);
                return new { messages = admin.DeleteFolder(tenant, user, Needed(folder.FolderId, "folderId"), folder.Hard) };
            case ("POST", ["empty"]):
                return new { messages = admin.Empty(tenant, user) };
            case ("POST", ["move-message"]):
                var move = await ReadAsync<ChangeBody>(context);
                admin.MoveMessage(tenant, user, Needed(move.MessageId, "messageId"), Needed(move.FolderId, "folderId"));
                return Done;
            case ("POST", ["rename-folder"]):
                var rename = await ReadAsync<ChangeBody>(context);
                admin.RenameFolder(tenant, user, Needed(rename.FolderId, "folderId"), Needed(rename.DisplayName, "displayName"));
                return Done;
            case ("POST", ["deliver"]):
                using (var mime = new MemoryStream())
                {
                    await context.Request.Body.CopyToAsync(mime, context.RequestAborted);
                    var target = context.Request.Query["folderId"].ToString();
                    return new { messageId = admin.Deliver(tenant, user, mime.ToArray(), target.Length == 0 ? "inbox" : target) };
                }
            case ("PUT", ["refusal"]):
                var refusal = await ReadAsync<RefusalBody>(context);
                admin.SetMailboxRefusal(tenant, user, refusal.Code is null ? null : new MailboxRefusal(refusal.Status, refusal.Code, refusal.Message ?? refusal.Code));
                return Done;
            case ("POST", ["forget-delta-tokens"]):
                admin.ForgetDeltaTokens(tenant, user);
                return Done;
            default:
                throw new KeyNotFoundException("No such operation on a mailbox.");
        }
    }

    private static object Done { get; } = new { done = true };

    private static string Needed(string? value, string name) => value ?? throw new ArgumentException($"'{name}' is missing.");

    private static DateTimeOffset? Time(HttpContext context) => context.Request.Query["at"].ToString() is { Length: > 0 } text
        ? DateTimeOffset.Parse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : null;

    private static async Task<T> ReadAsync<T>(HttpContext context) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted) ?? throw new ArgumentException("The body is missing.");

    private sealed record ClockBody(DateTimeOffset? Now, TimeSpan? By);

    private sealed record PermissionsBody(IReadOnlyList<string> Permissions, bool RevokeTokens = false);

    private sealed record ThingBody(string? Kind, string? Id);

    private sealed record SeedBody(ulong Seed);

    private sealed record SignInErrorBody(int? Number);

    private sealed record CertificateBody(string? Pem);

    private sealed record ChangeBody(string? MessageId, string? FolderId, string? DisplayName, bool Hard = false);

    private sealed record RefusalBody(string? Code, string? Message, int Status = 404);
}
