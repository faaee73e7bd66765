using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Exports;

/// <summary>One mailbox as the export and import interface knows it: by an id of its own, and whether the tenant opens it to us.</summary>
/// <remarks>Source: Graph v1.0, "Use the mailbox import and export APIs". Item ids are those of the other interfaces, the immutable ones where they are preferred.</remarks>
public sealed class ExchangeMailbox
{
    private const int IdsPerTranslation = 1_000;

    private readonly GraphClient _client;

    /// <param name="userId">Object id of the mailbox's user.</param>
    /// <param name="knownId">From <see cref="TryFindIdAsync"/> of an earlier day: it does not change. Null: not known.</param>
    public ExchangeMailbox(GraphClient client, string userId, string? knownId)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(userId);
        (_client, UserId, Id) = (client, userId, knownId);
    }

    public string UserId { get; }

    /// <summary>The mailbox's id here; null until it was found.</summary>
    public string? Id { get; private set; }

    internal GraphClient Client => _client;

    /// <summary>Whether the tenant lets items be exported, as far as the token says.</summary>
    public async Task<ExportAccess> CheckExportAsync(CancellationToken cancellation) => await CheckAsync(GraphPermissions.ExportItems, cancellation);

    /// <summary>Whether the tenant lets items be imported, as far as the token says.</summary>
    public async Task<ExportAccess> CheckImportAsync(CancellationToken cancellation) => await CheckAsync(GraphPermissions.ImportItems, cancellation);

    /// <summary>Changeable ids, as an import gives them, as immutable ones. What cannot be translated is left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TranslateAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var translated = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var chunk in ids.Distinct(StringComparer.Ordinal).Chunk(IdsPerTranslation))
        {
            var body = JsonBody.Write(json =>
            {
                json.WriteStartArray("inputIds");
                foreach (var id in chunk) json.WriteStringValue(id);
                json.WriteEndArray();
                json.WriteString("sourceIdType", "restId");
                json.WriteString("targetIdType", "restImmutableEntryId");
            });
            try
            {
                var answer = await _client.SendAsync(Post($"users/{MailboxRequests.Segment(UserId)}/translateExchangeIds", body, GraphPermissions.TranslateIds), cancellation);
                using var document = JsonDocument.Parse(answer.Json);
                if (!document.RootElement.TryGetProperty("value", out var list) || list.ValueKind != JsonValueKind.Array) continue;
                foreach (var pair in list.EnumerateArray())
                {
                    if (TolerantJson.GetText(pair, "sourceId") is { } from && TolerantJson.GetText(pair, "targetId") is { } to) translated[from] = to;
                }
            }
            catch (GraphException e) when (e is GraphRefusedException or TenantAccessException or ItemGoneException or MailboxUnavailableException)
            {
                // Nothing is lost by it: the other ids name the same items as long as they stay where they are.
            }
        }

        return translated;
    }

    internal GraphRequest Post(string path, byte[] json, ImmutableArray<string> permissions) => new()
    {
        Method = HttpMethod.Post,
        Address = _client.Address(path),
        Subject = RequestSubject.Mailbox,
        Mailbox = UserId,
        Preferences = [MailboxRequests.ImmutableIds],
        AnyPermission = permissions,
        Body = () => new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        BodyBytes = json.Length,
    };

    internal string Path(string action) => $"admin/exchange/mailboxes/{MailboxRequests.Segment(Id ?? throw new InvalidOperationException("The mailbox has not been found yet."))}/{action}";

    private async Task<ExportAccess> CheckAsync(ImmutableArray<string> permissions, CancellationToken cancellation)
    {
        if (await _client.TokenRolesAsync(cancellation) is { } roles && !permissions.Any(roles.Contains))
            return new ExportAccess(false, $"The tenant does not grant {permissions[0]}.");
        try
        {
            Id ??= await FindIdAsync(permissions, cancellation);
            return Id is null ? new ExportAccess(false, "The mailbox has no id in the export interface.") : new ExportAccess(true, null);
        }
        catch (GraphException e) when (e is TenantAccessException { Problem: TenantAccessProblem.PermissionMissing } or MailboxUnavailableException or GraphRefusedException or ItemGoneException)
        {
            return new ExportAccess(false, e.Message); // not opened to us, or a cloud or mailbox without this interface
        }
    }

    private async Task<string?> FindIdAsync(ImmutableArray<string> permissions, CancellationToken cancellation)
    {
        var answer = await _client.SendAsync(new GraphRequest
        {
            Method = HttpMethod.Get, Address = _client.Address($"users/{MailboxRequests.Segment(UserId)}/settings/exchange"), Subject = RequestSubject.Mailbox, Mailbox = UserId, AnyPermission = permissions,
        }, cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        return TolerantJson.GetText(document.RootElement, "primaryMailboxId") is { Length: > 0 } id ? id : null;
    }
}

/// <summary>Whether this way is open. <paramref name="Reason"/>: why not.</summary>
public sealed record ExportAccess(bool IsOpen, string? Reason);
