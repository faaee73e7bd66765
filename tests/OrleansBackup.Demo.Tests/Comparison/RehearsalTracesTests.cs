using System.Text.Json;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Tests.Comparison;

public sealed class RehearsalTracesTests
{
    [Fact]
    public void What_lies_in_the_place_of_a_rehearsal_is_told_from_what_the_customer_has()
    {
        var (own, traces) = RehearsalTraces.Split(
        [
            Thing("list", "l", null, "Plans OrleansBackup rehearsal ef8c86"), Thing("list-item", "l~1", "l", "Row"), Thing("file", "l~1~a", "l~1", null),
            Thing("page", "p", null, "Home-orleansbackup-rehearsal-ef8c86.aspx"),
            Thing("list", "m", null, "Plans"), Thing("list-item", "m~1", "m", "A rehearsal of the choir"),
        ]);
        Assert.Equal(["l", "l~1", "l~1~a", "p"], traces.Select(thing => thing.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["m", "m~1"], own.Select(thing => thing.Id));
    }

    [Fact]
    public void A_folder_of_a_rehearsal_takes_its_mail_along_and_no_other()
    {
        var (own, traces) = RehearsalTraces.Split(new MailboxPicture(
            [new FolderPicture("a", null, ["Inbox"]), new FolderPicture("b", "a", ["Inbox", "OrleansBackup rehearsal ef8c86"]), new FolderPicture("c", "b", ["Inbox", "OrleansBackup rehearsal ef8c86", "Twins"])],
            [Message("1", "a", "Inbox"), Message("2", "c", "Inbox", "OrleansBackup rehearsal ef8c86", "Twins")]));
        Assert.Equal(["b", "c", "2"], [.. traces.Folders.Select(folder => folder.Id), .. traces.Messages.Select(message => message.Id)]);
        Assert.Equal(["a", "1"], [.. own.Folders.Select(folder => folder.Id), .. own.Messages.Select(message => message.Id)]);
    }

    private static ThingPicture Thing(string kind, string id, string? container, string? name) => new(kind, id, container, name, default, []);

    private static MessagePicture Message(string id, string folder, params string[] path) => new(id, folder, [.. path], default(JsonElement), null, []);
}
