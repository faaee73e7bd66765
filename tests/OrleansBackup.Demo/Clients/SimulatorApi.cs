using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Clients;

/// <summary>The simulator's own side door, <c>/_sim</c>: makes tenants, plays days, breaks things and knows the truth of every moment.</summary>
public sealed class SimulatorApi : IDisposable
{
    /// <summary>About how many changes to calendars, contacts and tasks each mailbox sees in a day.</summary>
    private const int ItemChanges = 8;

    private readonly HttpClient _http;

    /// <param name="address">Root of the simulator.</param>
    /// <param name="certificateFile">PEM of the one certificate that is trusted.</param>
    public SimulatorApi(Uri address, string certificateFile)
    {
        using var trusted = X509CertificateLoader.LoadCertificateFromFile(certificateFile);
        var thumbprint = trusted.GetCertHashString(HashAlgorithmName.SHA256);
        _http = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.GetCertHashString(HashAlgorithmName.SHA256) == thumbprint,
        }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };
    }

    public Uri Address => _http.BaseAddress!;

    public Task<SimulatedTenantAnswer> CreateTenantAsync(SimulatedRecipe recipe, CancellationToken cancellation) =>
        SendAsync<SimulatedTenantAnswer>(HttpMethod.Post, "/_sim/tenants", recipe, cancellation);

    /// <summary>As an administrator does who uploads the certificate to the app registration.</summary>
    public Task AddToRegistrationAsync(Guid tenant, string pem, CancellationToken cancellation) =>
        SendAsync<System.Text.Json.JsonElement>(HttpMethod.Post, $"/_sim/tenants/{tenant}/certificates", new { pem }, cancellation);

    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellation) =>
        (await SendAsync<SimulatedClock>(HttpMethod.Get, "/_sim/clock", null, cancellation)).Now;

    public Task SetClockAsync(DateTimeOffset now, CancellationToken cancellation) =>
        SendAsync<SimulatedClock>(HttpMethod.Put, "/_sim/clock", new { now }, cancellation);

    public Task AdvanceClockAsync(TimeSpan by, CancellationToken cancellation) =>
        SendAsync<SimulatedClock>(HttpMethod.Post, "/_sim/clock/advance", new { by }, cancellation);

    /// <summary>Lives through one day: the simulator's clock moves on by it.</summary>
    public Task<LifeAnswer> LiveDayAsync(SimulatedTenantAnswer tenant, int seed, CancellationToken cancellation) =>
        SendAsync<LifeAnswer>(HttpMethod.Post, $"/_sim/tenants/{tenant.TenantId}/life", new { days = 1, seed, itemIntensity = ItemChanges }, cancellation);

    /// <summary>Everything but mail that a mailbox, OneDrive, site or team holds, as it was at a moment; null is now. Without what a rehearsal had there.</summary>
    public async Task<ImmutableArray<ThingPicture>> ThingsAsync(SimulatedTenantAnswer tenant, string ownerKind, string ownerId, DateTimeOffset? at, CancellationToken cancellation) =>
        RehearsalTraces.Split(await EveryThingAsync(tenant, ownerKind, ownerId, at, cancellation)).Own;

    /// <summary>Ids of what rehearsals have in it now.</summary>
    public async Task<ImmutableArray<string>> TracesAsync(SimulatedTenantAnswer tenant, string ownerKind, string ownerId, CancellationToken cancellation)
    {
        var things = RehearsalTraces.Split(await EveryThingAsync(tenant, ownerKind, ownerId, null, cancellation)).Traces.Select(thing => thing.Id);
        if (ownerKind != "mailbox")
            return [.. things];
        var mail = RehearsalTraces.Split(await EveryMailAsync(tenant, ownerId, null, cancellation)).Traces;
        return [.. things, .. mail.Folders.Select(folder => folder.Id), .. mail.Messages.Select(message => message.Id)];
    }

    /// <summary>Deletes something for good.</summary>
    public Task DeleteThingAsync(SimulatedTenantAnswer tenant, string ownerKind, string ownerId, ThingPicture thing, CancellationToken cancellation) =>
        SendAsync<object>(HttpMethod.Delete, Things(tenant, ownerKind, ownerId), new { thing.Kind, thing.Id }, cancellation);

    /// <summary>How many messages Microsoft 365 has sent to people because of what a program did: invitations, updates, cancellations, shares.</summary>
    public async Task<int> CountSentAsync(SimulatedTenantAnswer tenant, CancellationToken cancellation) =>
        (await SendAsync<MessagesAnswer>(HttpMethod.Get, $"/_sim/tenants/{tenant.TenantId}/sent", null, cancellation)).Messages;

    public Task<StatisticsAnswer> StatisticsAsync(CancellationToken cancellation) =>
        SendAsync<StatisticsAnswer>(HttpMethod.Get, "/_sim/statistics", null, cancellation);

    /// <summary>Puts trouble on order; the first order that fits a request is played on it.</summary>
    /// <param name="fault">In the simulator's own form: <c>kind</c>, <c>count</c>, <c>probability</c>, …</param>
    public Task OrderFaultAsync(object fault, CancellationToken cancellation) => SendAsync<object>(HttpMethod.Post, "/_sim/faults", fault, cancellation);

    /// <summary>Takes every order back.</summary>
    public Task ClearFaultsAsync(CancellationToken cancellation) => SendAsync<object>(HttpMethod.Delete, "/_sim/faults", null, cancellation);

    /// <summary>The whole mailbox as it was at a moment; null is now. Without what a rehearsal had there.</summary>
    public async Task<MailboxPicture> StateAsync(SimulatedTenantAnswer tenant, string userId, DateTimeOffset? at, CancellationToken cancellation) =>
        RehearsalTraces.Split(await EveryMailAsync(tenant, userId, at, cancellation)).Own;

    private async Task<ImmutableArray<ThingPicture>> EveryThingAsync(SimulatedTenantAnswer tenant, string ownerKind, string ownerId, DateTimeOffset? at, CancellationToken cancellation) =>
        (await SendAsync<ThingsAnswer>(HttpMethod.Get, $"{Things(tenant, ownerKind, ownerId)}{(at is { } time ? "?" + Moment(time) : "")}", null, cancellation)).Things;

    private async Task<MailboxPicture> EveryMailAsync(SimulatedTenantAnswer tenant, string userId, DateTimeOffset? at, CancellationToken cancellation)
    {
        var moment = at is { } time ? "&" + Moment(time) : "";
        var folders = ImmutableArray<FolderPicture>.Empty;
        var paths = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var messages = ImmutableArray.CreateBuilder<MessagePicture>();
        string? cursor = null;
        do
        {
            var page = await SendAsync<StateAnswer>(HttpMethod.Get, $"{Mailbox(tenant, userId)}/state?pageSize=200{moment}{(cursor is null ? "" : "&cursor=" + cursor)}", null, cancellation);
            if (cursor is null)
            {
                folders = [.. page.Folders.Select(folder => new FolderPicture(folder.Id, folder.ParentId, folder.Path))];
                paths = page.Folders.ToDictionary(folder => folder.Id, folder => folder.Path, StringComparer.Ordinal);
            }
            messages.AddRange(page.Messages.Select(message => message.Picture(paths[message.FolderId])));
            cursor = page.Cursor;
        }
        while (cursor is not null);
        return new MailboxPicture(folders, messages.ToImmutable());
    }

    /// <summary>Folders that every mailbox has; nobody can delete them.</summary>
    public async Task<HashSet<string>> WellKnownFoldersAsync(SimulatedTenantAnswer tenant, string userId, CancellationToken cancellation)
    {
        var page = await SendAsync<StateAnswer>(HttpMethod.Get, $"{Mailbox(tenant, userId)}/state?pageSize=1", null, cancellation);
        return page.Folders.Where(folder => folder.WellKnownName is not null).Select(folder => folder.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Deletes a message for good.</summary>
    public Task DeleteMessageAsync(SimulatedTenantAnswer tenant, string userId, string messageId, CancellationToken cancellation) =>
        SendAsync<object>(HttpMethod.Post, $"{Mailbox(tenant, userId)}/delete-message", new { messageId, hard = true }, cancellation);

    /// <summary>Deletes a folder with all in it, for good.</summary>
    public Task DeleteFolderAsync(SimulatedTenantAnswer tenant, string userId, string folderId, CancellationToken cancellation) =>
        SendAsync<object>(HttpMethod.Post, $"{Mailbox(tenant, userId)}/delete-folder", new { folderId, hard = true }, cancellation);

    /// <summary>Deletes every message for good, and every folder that can be deleted.</summary>
    /// <returns>How many messages there were.</returns>
    public async Task<int> EmptyMailboxAsync(SimulatedTenantAnswer tenant, string userId, CancellationToken cancellation) =>
        (await SendAsync<MessagesAnswer>(HttpMethod.Post, $"{Mailbox(tenant, userId)}/empty", null, cancellation)).Messages;

    public void Dispose() => _http.Dispose();

    private static string Moment(DateTimeOffset time) => $"at={Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture))}";

    private static string Things(SimulatedTenantAnswer tenant, string ownerKind, string ownerId) => $"/_sim/tenants/{tenant.TenantId}/things/{ownerKind}/{Uri.EscapeDataString(ownerId)}";

    private static string Mailbox(SimulatedTenantAnswer tenant, string userId) => $"/_sim/tenants/{tenant.TenantId}/mailboxes/{userId}";

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: DemoJson.Options) };
        using var answer = await _http.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new DemoFailedException($"the simulator answered {(int)answer.StatusCode} to {method} {path}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        return await answer.Content.ReadFromJsonAsync<T>(DemoJson.Options, cancellation) ?? throw new DemoFailedException($"the simulator answered null to {path}");
    }
}
