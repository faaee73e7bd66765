using System.Globalization;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Reading messages: lists, one message, its MIME.</summary>
internal sealed class MessageEndpoints(SimulatedWorld world)
{
    private const int DefaultPage = 10;
    private const int LargestPage = 1000;

    public IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/users/{user}/messages", GraphService.Exchange, KnownPermissions.MailList, List),
        new("GET", "/users/{user}/messages/{message}", GraphService.Exchange, KnownPermissions.MailList, Get),
        new("GET", "/users/{user}/messages/{message}/$value", GraphService.Exchange, KnownPermissions.MailRead, Mime),
        new("GET", "/users/{user}/mailFolders/{folder}/messages", GraphService.Exchange, KnownPermissions.MailList, List),
        new("GET", "/users/{user}/mailFolders/{folder}/messages/$count", GraphService.Exchange, KnownPermissions.MailList, Count),
        new("GET", "/users/{user}/mailFolders/{folder}/messages/{message}", GraphService.Exchange, KnownPermissions.MailList, Get),
    ];

    /// <summary>Writes one message as an object.</summary>
    public static void Write(Utf8JsonWriter json, MessageView view)
    {
        json.WriteStartObject();
        MessageProperties.Write(json, view);
        if (view.Display.Expand.Attachments && !view.Display.BasicOnly)
        {
            json.WriteStartArray("attachments");
            foreach (var attachment in view.Detail.Attachments)
                AttachmentJson.Write(json, view, attachment, AttachmentDisplay.Full);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>A page with a message that is ordered broken fails as a whole, as in the service.</summary>
    public static void RefuseBroken(SimulatedWorld world, Mailbox mailbox, IEnumerable<MessageVersion> versions)
    {
        if (versions.Any(version => world.Faults.IsBroken(mailbox.UserId, version.Message.Number, version.MutableNumber)))
            throw new GraphErrorException(500, "InternalServerError", "Error while processing response.");
    }

    private GraphResponse Get(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var version = Readable(request, mailbox);
        var view = new MessageView(mailbox, version, MessageDisplay.Of(request));
        return GraphResponse.Json(200, json => Write(json, view)).With("ETag", $"W/\"{MessageProperties.ChangeKey(mailbox, version.Sequence)}\"");
    }

    private GraphResponse Mime(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return GraphResponse.Bytes("text/plain", Readable(request, mailbox).Content.ToMime());
    }

    private MessageVersion Readable(GraphRequest request, Mailbox mailbox)
    {
        var version = MailAccess.Message(request, mailbox);
        return world.Faults.IsBroken(mailbox.UserId, version.Message.Number, version.MutableNumber)
            ? throw new GraphErrorException(500, "ErrorContentConversionFailed", "Content conversion failed.")
            : version;
    }

    private static GraphResponse Count(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var folder = MailAccess.Folder(request, mailbox);
        var count = mailbox.Read(() => folder.Messages.Count);
        return GraphResponse.Bytes("text/plain", System.Text.Encoding.ASCII.GetBytes(count.ToString(CultureInfo.InvariantCulture)));
    }

    private GraphResponse List(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var display = MessageDisplay.Of(request);
        var filter = MessageFilter.Read(request.Option("$filter"));
        var skip = request.Number("$skip") ?? 0;
        // $top limits the whole list, not the page: the trap of Exchange.
        var left = request.Option("$skiptoken") is { } token ? Remaining(token) : request.Number("$top") ?? int.MaxValue;
        var page = Math.Min(left, Math.Clamp(request.PreferredPageSize ?? (left == int.MaxValue ? DefaultPage : left), 1, LargestPage));
        var folder = request.Values.ContainsKey("folder") ? MailAccess.Folder(request, mailbox) : null;
        var (shown, total) = Find(mailbox, folder, filter, display, request.Option("$orderby"), skip, page);
        RefuseBroken(world, mailbox, shown);
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#users('{request.Values["user"]}')/messages");
            if (request.Option("$count") == "true")
                json.WriteNumber("@odata.count", total);
            json.WriteStartArray("value");
            foreach (var version in shown)
                Write(json, new MessageView(mailbox, version, display));
            json.WriteEndArray();
            if (left > page && skip + page < total)
            {
                var next = Paging.WithOption(request, "$skip", (skip + page).ToString(CultureInfo.InvariantCulture));
                json.WriteString("@odata.nextLink", left == int.MaxValue ? next : next + "&$skiptoken=" + Ids.OpaqueToken.Pack((left - page).ToString(CultureInfo.InvariantCulture)));
            }
            json.WriteEndObject();
        });
    }

    private static int Remaining(string token) => Ids.OpaqueToken.TryUnpack(token, 1, out var fields)
        ? int.Parse(fields[0], CultureInfo.InvariantCulture)
        : throw GraphErrors.BadRequest("Badly formed token.");

    // Without a filter only the page is looked at: a list of a large folder costs its pages.
    private static (IReadOnlyList<MessageVersion> Page, int Total) Find(Mailbox mailbox, MailFolder? folder, Func<MessageView, bool>? filter, MessageDisplay display, string? order, int skip, int take)
    {
        if (order is not (null or "receivedDateTime" or "receivedDateTime desc" or "receivedDateTime asc"))
            throw GraphErrors.BadRequest($"The order '{order}' is not supported here.");
        var newestFirst = order is null or "receivedDateTime desc";
        if (folder is not null && filter is null && newestFirst)
        {
            return mailbox.Read<(IReadOnlyList<MessageVersion>, int)>(() =>
            {
                var sorted = folder.Sorted();
                return (Array.ConvertAll(sorted[Math.Min(skip, sorted.Length)..Math.Min(sorted.Length, skip + take)], message => message.Latest), sorted.Length);
            });
        }
        var all = mailbox.Read(() => folder is not null
            ? [.. folder.Sorted().Select(message => message.Latest)]
            : mailbox.Folders.Where(each => each.IsInTree).SelectMany(each => each.Messages).Select(message => message.Latest)
                .OrderByDescending(version => version.ReceivedAt).ThenByDescending(version => version.Message.Number).ToArray());
        if (!newestFirst)
            Array.Reverse(all);
        var found = filter is null ? all : [.. all.Where(version => filter(new MessageView(mailbox, version, display)))];
        return ([.. found.Skip(skip).Take(take)], found.Length);
    }
}
