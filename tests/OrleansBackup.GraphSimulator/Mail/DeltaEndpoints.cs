using System.Text.Json;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Change tracking of folders and of the messages of one folder.</summary>
internal sealed class DeltaEndpoints(SimulatedWorld world)
{
    private const int DefaultPage = 10;
    private const int LargestPage = 1000;

    // With a filter on the arrival the service returns no more than this.
    private const int FilteredMost = 5000;

    public IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/users/{user}/mailFolders/delta", GraphService.Exchange, KnownPermissions.MailList, Folders),
        new("GET", "/users/{user}/mailFolders/{folder}/messages/delta", GraphService.Exchange, KnownPermissions.MailList, Messages),
    ];

    private GraphResponse Folders(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var token = DeltaToken.Of(request, mailbox, "folders", 0);
            var select = SelectOption.Read(token.Select, FolderJson.IsKnown, FolderJson.TypeName);
            var page = mailbox.FolderChanges(token.Position, token.Until, token.IsFirstRound, PageSize(request, token));
            var left = token.Left < 0 ? -1 : Math.Max(0, token.Left - page.Changes.Count);
            return Page(request, $"{request.ServiceRoot}/$metadata#Collection(mailFolder)", json =>
            {
                foreach (var folder in page.Changes)
                {
                    if (folder.Latest.IsDeleted)
                        Removed(json, MailAccess.FolderId(mailbox, folder));
                    else
                        FolderJson.Write(json, mailbox, folder, select);
                }
            }, json =>
            {
                var isLast = page.IsLast || left == 0;
                token.WriteLink(json, request, mailbox, $"/users('{mailbox.UserId}')/mailFolders/delta", isLast ? token.Until : page.Position, isLast, left, world.Limits.Current.LiveDeltaTokens);
            });
        });
    }

    private GraphResponse Messages(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var folder = MailAccess.Folder(request, mailbox);
        if (request.Option("$search") is not null)
            throw GraphErrors.BadRequest("The query option '$search' is not supported with change tracking.");
        if (request.Option("$orderby") is { } order && order != "receivedDateTime desc")
            throw GraphErrors.BadRequest("Only receivedDateTime desc is supported as the order of change tracking.");
        DeltaToken token = null!;
        DeltaPage<MessageChange> page = null!;
        mailbox.Read(() =>
        {
            token = DeltaToken.Of(request, mailbox, "messages", folder.Number);
            return page = mailbox.MessageChanges(folder, token.Position, token.Until, token.IsFirstRound, request.WantsImmutableIds, PageSize(request, token));
        });
        var display = MessageDisplay.Of(request) with
        {
            Select = SelectOption.Read(token.Select, MessageProperties.IsKnown, MessageProperties.TypeName),
            Expand = ExpandOption.Read(token.Expand),
        };
        var filter = MessageFilter.ForDelta(token.Filter);
        var changes = filter is null ? page.Changes : [.. page.Changes.Where(change => change.Removed || filter(new MessageView(mailbox, change.Version, display)))];
        var left = token.Left < 0 && filter is not null ? FilteredMost : token.Left;
        if (left >= 0)
            changes = [.. changes.Take(left)];
        left = left < 0 ? -1 : left - changes.Count;
        MessageEndpoints.RefuseBroken(world, mailbox, changes.Where(change => !change.Removed).Select(change => change.Version));
        return Page(request, $"{request.ServiceRoot}/$metadata#Collection(message)", json =>
        {
            foreach (var change in changes)
            {
                if (change.Removed)
                    Removed(json, MailAccess.MessageId(mailbox, change.Version, change.MutableNumber, display.ImmutableIds));
                else
                    MessageEndpoints.Write(json, new MessageView(mailbox, change.Version, display));
            }
        }, json =>
        {
            var isLast = page.IsLast || left == 0;
            var path = $"/users('{mailbox.UserId}')/mailFolders('{MailAccess.FolderId(mailbox, folder)}')/messages/delta";
            token.WriteLink(json, request, mailbox, path, isLast ? token.Until : page.Position, isLast, left, world.Limits.Current.LiveDeltaTokens);
        });
    }

    private static int PageSize(GraphRequest request, DeltaToken token)
    {
        var size = Math.Clamp(request.PreferredPageSize ?? DefaultPage, 1, LargestPage);
        return token.Left > 0 ? Math.Min(size, token.Left) : size;
    }

    private static void Removed(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteStartObject("@removed");
        json.WriteString("reason", "deleted");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static GraphResponse Page(GraphRequest request, string context, Action<Utf8JsonWriter> items, Action<Utf8JsonWriter> link)
    {
        var response = GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", context);
            json.WriteStartArray("value");
            items(json);
            json.WriteEndArray();
            link(json);
            json.WriteEndObject();
        });
        return request.Prefer.Length == 0 ? response : response.With("Preference-Applied", request.Prefer);
    }
}
