using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Exports;

/// <summary>Addresses that take items back for a while without a token. What comes back is what left: nothing is sent, nobody is told, and it has an id of its own.</summary>
internal sealed class ImportSessions(SimulatedWorld world)
{
    /// <summary>Where the addresses start; they are outside Graph.</summary>
    public const string PathStart = "/api/gv1.0/import/";

    private readonly ConcurrentDictionary<string, Session> _sessions = new();

    public GraphResponse Create(GraphRequest request, Mailbox mailbox)
    {
        var session = new Session(mailbox, request.Caller!, world.Clock.Real.GetUtcNow() + world.Limits.Current.ImportSessionLifetime);
        var id = Guid.NewGuid().ToString("N");
        _sessions[id] = session;
        var root = request.ServiceRoot[..request.ServiceRoot.LastIndexOf('/')];
        return GraphNodes.One(new JsonObject
        {
            ["@odata.context"] = $"{request.ServiceRoot}/$metadata#microsoft.graph.mailboxItemImportSession",
            ["importUrl"] = $"{root}{PathStart}{id}/importItem?authtoken={session.Token}",
            ["expirationDateTime"] = GraphNodes.Time(session.Expires),
        });
    }

    /// <summary>Who made the session of an address, and for which mailbox; null: there is no such session.</summary>
    public (CallerIdentity Caller, string Mailbox)? FindOwner(string path) => Find(path) is { } session ? (session.Owner, session.Mailbox.UserId.ToString()) : null;

    /// <summary>Takes one item.</summary>
    public GraphResponse Answer(GraphRequest request, string token, bool hasAuthorization)
    {
        var response = Take(request, token, hasAuthorization);
        world.Statistics.Count(request.Method, PathStart + "{session}/importItem", response.Status, response.Body.Length);
        return response;
    }

    private GraphResponse Take(GraphRequest request, string token, bool hasAuthorization)
    {
        if (Find(request.RawPath) is not { } session || session.Token != token || session.Expires < world.Clock.Real.GetUtcNow())
            return Refuse(401, "InvalidAuthenticationToken", "The import session does not exist or has expired.");
        if (hasAuthorization)
            return Refuse(400, "ErrorInvalidRequest", "The address carries its own permission; send no Authorization header.");
        if (request.Method != "POST")
            return Refuse(405, "ErrorInvalidRequest", "The OData request is not supported.");
        if (world.Limits.CountUpload(session.Owner.ClientId.ToString(), session.Owner.Tenant.Id, session.Mailbox.UserId.ToString(), request.Body.Length) is { } throttled)
        {
            var answer = Refuse(throttled.Status, throttled.Code, throttled.Message);
            return throttled.RetryAfter is { } seconds ? answer.With("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)) : answer;
        }
        try
        {
            return session.Mailbox.Read(() => Import(session.Mailbox, request.JsonBody()));
        }
        catch (GraphErrorException e)
        {
            return Refuse(e.Status, e.Code, e.Message);
        }
    }

    private static GraphResponse Import(Mailbox mailbox, JsonObject body)
    {
        var stored = ItemStream.Read(Data(body));
        var folder = ExchangePlaces.Folder(mailbox, Text(body, "FolderId") ?? throw Bad("FolderId is needed."));
        if (stored.Item?.Kind != folder.Holds)
            throw new GraphErrorException(400, "ErrorInvalidParentFolder", "An item of this class cannot be in this folder.");
        var (id, key) = (Text(body, "ItemId"), Text(body, "ChangeKey"));
        var item = Text(body, "Mode") switch
        {
            "create" when id is not null || key is not null => throw Bad("ItemId and ChangeKey are not allowed when an item is created."),
            "create" => stored.Message is { } message ? Add(mailbox, folder.Mail!, message) : Add(mailbox, folder.Container!, stored.Item!),
            "update" when id is null || key is null => throw Bad("ItemId and ChangeKey are needed when an item is updated."),
            "update" => Replace(mailbox, ExchangePlaces.Item(mailbox, id), key, stored),
            _ => throw Bad("Mode has to be create or update."),
        };
        return GraphNodes.One(new JsonObject { ["itemId"] = item.Id(mailbox, immutable: false), ["changeKey"] = item.ChangeKey(mailbox) });
    }

    private static ExchangeItem Add(Mailbox mailbox, MailFolder folder, StoredMessage stored) => new(mailbox.Add(new NewMessage(folder, stored.Content)
    {
        CreatedAt = stored.CreatedAt, ReceivedAt = stored.ReceivedAt, SentAt = stored.SentAt, IsRead = stored.IsRead, IsDraft = stored.IsDraft, Flag = stored.Flag,
        Categories = [.. stored.Categories], Importance = stored.Importance, InferenceClassification = stored.InferenceClassification,
    }), null);

    private static ExchangeItem Add(Mailbox mailbox, MailboxItem container, StoredItem stored) =>
        new(null, mailbox.AddItem(stored.Kind, container, stored.Properties, and: version => Filled(version, stored)));

    private static ExchangeItem Replace(Mailbox mailbox, ExchangeItem there, string changeKey, Stored stored)
    {
        if (there.ChangeKey(mailbox) != changeKey)
            throw new GraphErrorException(409, "ErrorIrresolvableConflict", "The change key does not match the item.");
        if (there.Message is { } message && stored.Message is { } mail)
            return new ExchangeItem(mailbox.Change(message.Message, before => before with
            {
                Content = mail.Content, CreatedAt = mail.CreatedAt, ReceivedAt = mail.ReceivedAt, SentAt = mail.SentAt, IsRead = mail.IsRead, IsDraft = mail.IsDraft, Flag = mail.Flag,
                Categories = [.. mail.Categories], Importance = mail.Importance, InferenceClassification = mail.InferenceClassification,
            }), null);
        return there.Item is { } item && stored.Item is { } other && other.Kind == item.Item.Kind
            ? new ExchangeItem(null, mailbox.ChangeItem(item.Item, before => Filled(before with { Properties = other.Properties }, other)))
            : throw new GraphErrorException(400, "ErrorObjectTypeChanged", "The item is of another class.");
    }

    private static ItemVersion Filled(ItemVersion version, StoredItem stored) => version with
    {
        CreatedAt = stored.CreatedAt,
        Extended = stored.Extended.ToImmutableDictionary(StringComparer.Ordinal),
        Attachments = [.. stored.Attachments],
        Photo = stored.Photo?.Read(),
        Exceptions = stored.Exceptions.ToImmutableSortedDictionary(exception => exception.Day, exception => new SeriesException(exception.Changes, [.. exception.Attachments])),
        Cancelled = [.. stored.Cancelled],
    };

    private static byte[] Data(JsonObject body)
    {
        try
        {
            return Convert.FromBase64String(Text(body, "Data") ?? throw Bad("Data is needed."));
        }
        catch (FormatException)
        {
            throw new GraphErrorException(400, "ErrorCorruptData", "The data of the item is not base64.");
        }
    }

    private static string? Text(JsonObject body, string name) => (string?)body[name];

    private static GraphErrorException Bad(string message) => new(400, "ErrorInvalidRequest", message);

    private Session? Find(string path) => path.Split('/') is [.., var id, "importItem"] && _sessions.TryGetValue(id, out var session) ? session : null;

    private static GraphResponse Refuse(int status, string code, string message) =>
        GraphNodes.One(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }, status);

    private sealed record Session(Mailbox Mailbox, CallerIdentity Owner, DateTimeOffset Expires)
    {
        public string Token { get; } = Guid.NewGuid().ToString("N");
    }
}
