using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Calendar;

/// <summary>Making, changing and deleting events. Whatever has attendees tells them: each such message is noted in <see cref="Mailbox.Sent"/>.</summary>
internal sealed class EventWriteEndpoints(SimulatedWorld world, UploadSessions uploads)
{
    public IEnumerable<GraphRoute> Routes =>
    [
        Write("POST", "/users/{user}/events", Create),
        Write("POST", "/users/{user}/calendar/events", Create),
        Write("POST", "/users/{user}/calendars/{calendar}/events", Create),
        Write("POST", "/users/{user}/events/{event}/attachments/createUploadSession", CreateUploadSession),
        .. new[] { "/users/{user}/events/{event}", "/users/{user}/calendars/{calendar}/events/{event}" }.SelectMany(path => new[]
        {
            Write("PATCH", path, Update),
            Write("DELETE", path, Delete),
            Write("POST", path + "/permanentDelete", Delete),
            Write("POST", path + "/attachments", AddAttachment),
        }),
        Write("DELETE", "/users/{user}/events/{event}/attachments/{attachment}", RemoveAttachment),
    ];

    private static GraphRoute Write(string method, string template, GraphHandler handle) => new(method, template, GraphService.Exchange, KnownPermissions.CalendarWrite, handle);

    private static GraphResponse Create(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var body = request.JsonBody();
        return mailbox.Read(() =>
        {
            var calendar = ItemAccess.Container(mailbox, request.Values.GetValueOrDefault("calendar") ?? "calendar", ItemKind.Calendar);
            if (calendar.Latest.Properties["canEdit"]?.GetValue<bool>() == false)
                throw new GraphErrorException(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
            var extended = MessageReader.Extended(body);
            var seed = SeededRandom.Mix(StableHash.Of(mailbox.Address), (ulong)mailbox.Sequence);
            var properties = EventReader.New(body, mailbox, request.Tenant.Directory.Find(mailbox.UserId.ToString())?.DisplayName ?? "", seed);
            // The same transaction again is the same event again.
            if ((string?)body["transactionId"] is { } transaction)
            {
                if (mailbox.Items(ItemKind.Event).FirstOrDefault(item => (string?)item.Latest.Properties["transactionId"] == transaction) is { } made)
                    return ItemLists.Json(201, EventJson.Show(mailbox, made.Latest, null, request.WantsImmutableIds));
                properties["transactionId"] = transaction;
            }
            var version = mailbox.AddItem(ItemKind.Event, calendar, properties, and: item => item with { Extended = extended.ToImmutableDictionary() });
            mailbox.Send("invitation", EventReader.Attendees(properties), (string?)properties["subject"]);
            return ItemLists.Json(201, EventJson.Show(mailbox, version, null, request.WantsImmutableIds));
        });
    }

    private static GraphResponse Update(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var body = request.JsonBody();
        var changes = EventReader.Changes(body);
        var extended = MessageReader.Extended(body);
        return mailbox.Read(() =>
        {
            var (before, day) = EventEndpoints.Find(request, mailbox);
            if (day is not null && changes.ContainsKey("recurrence"))
                throw new GraphErrorException(400, "ErrorInvalidRequest", "An occurrence has no recurrence of its own.");
            var version = mailbox.ChangeItem(before.Item, item => Changed(item, day, changes) with { Extended = item.Extended.SetItems(extended) });
            Tell(mailbox, "update", before, version, day);
            return ItemLists.Json(200, EventJson.Show(mailbox, version, day, request.WantsImmutableIds));
        });
    }

    private static ItemVersion Changed(ItemVersion item, DateOnly? day, JsonObject changes)
    {
        if (day is not { } on)
        {
            var properties = item.Properties.DeepClone().AsObject();
            Set(properties, changes);
            // A series that gets another rhythm begins anew: what was different or cancelled is forgotten.
            return changes.ContainsKey("recurrence") || (changes.ContainsKey("start") && properties["recurrence"] is not null)
                ? item with { Properties = properties, Exceptions = item.Exceptions.Clear(), Cancelled = item.Cancelled.Clear() }
                : item with { Properties = properties };
        }
        var exception = item.Exceptions.GetValueOrDefault(on) ?? new SeriesException([], []);
        var changed = exception.Changes.DeepClone().AsObject();
        Set(changed, changes);
        return item with { Exceptions = item.Exceptions.SetItem(on, exception with { Changes = changed }) };
    }

    private static GraphResponse Delete(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var (version, day) = EventEndpoints.Find(request, mailbox);
            Tell(mailbox, "cancellation", version, version, day);
            if (day is { } on)
                mailbox.ChangeItem(version.Item, item => item with { Cancelled = item.Cancelled.Add(on), Exceptions = item.Exceptions.Remove(on) });
            else
                mailbox.DeleteItem(version.Item);
            return GraphResponse.NoContent;
        });
    }

    private static GraphResponse AddAttachment(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var (version, day) = EventEndpoints.Find(request, mailbox);
            Tell(mailbox, "update", version, version, day);
            return ItemAttachments.Add(request, mailbox, version, day);
        });
    }

    private GraphResponse RemoveAttachment(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            var (version, day) = EventEndpoints.Find(request, mailbox);
            Tell(mailbox, "update", version, version, day);
            return ItemAttachments.Remove(request, world, mailbox, version, day);
        });
    }

    private GraphResponse CreateUploadSession(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var immutable = request.WantsImmutableIds;
        return mailbox.Read(() =>
        {
            var (version, day) = EventEndpoints.Find(request, mailbox);
            return uploads.Create(request, mailbox, "AttachmentItem", file =>
            {
                Tell(mailbox, "update", version, version, day);
                return ItemAttachments.Uploaded(mailbox, version.Item, day, file, immutable);
            });
        });
    }

    // Only the organiser's copy speaks for the meeting. Who is taken off the list hears of it as well.
    private static void Tell(Mailbox mailbox, string kind, ItemVersion before, ItemVersion after, DateOnly? day)
    {
        var now = EventJson.Merged(after, day);
        if (now["isOrganizer"]?.GetValue<bool>() != false)
            mailbox.Send(kind, EventReader.Attendees(now).Union(EventReader.Attendees(EventJson.Merged(before, day)), StringComparer.OrdinalIgnoreCase), (string?)now["subject"]);
    }

    private static void Set(JsonObject properties, JsonObject given)
    {
        foreach (var (name, value) in given)
            properties[name] = value?.DeepClone();
    }
}
