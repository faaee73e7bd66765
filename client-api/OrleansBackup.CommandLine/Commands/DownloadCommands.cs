using System.CommandLine;
using OrleansBackup.CommandLine.Http;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Content of a restore point as files, without anything put back.</summary>
internal static class DownloadCommands
{
    private static readonly Option<string?> Role = new("--role") { Description = "which content: json, content, photo…; without it, the item's own file (.eml of a message)", HelpName = "ROLE" };
    private static readonly Option<int?> Attachment = new("--attachment") { Description = "an attachment by its number, from 0", HelpName = "N" };

    public static Command Build(Verbs verbs) => Verbs.Group("download", "Content of a restore point as files.",
        verbs.Make("item", "Saves an item, one of its contents, or an attachment.", [Parts.Tenant, Parts.Resource, Parts.Point, Parts.Item, Role, Attachment, Parts.To, Parts.Force], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            string[] part = (call.Get(Role), call.Get(Attachment)) switch
            {
                (not null, not null) => throw CommandFailedException.Wrong("--role and --attachment do not go together."),
                ({ } role, null) => ["contents", role],
                (null, { } number) => ["attachments", $"{number}"],
                _ => ["content"],
            };
            await call.SaveAsync(Address.OfPoint(tenant, resource, call.Get(Parts.Point), ["items", call.Get(Parts.Item), .. part]), call.Get(Parts.To), cancellation);
        }),
        verbs.Make("folder", "Saves a folder with all below it as a .zip.", [Parts.Tenant, Parts.Resource, Parts.Point, Parts.Folder, Parts.To, Parts.Force], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            var folder = await Names.FolderAsync(call.Api, tenant, resource, call.Get(Parts.Point), call.Get(Parts.Folder), cancellation);
            await call.SaveAsync(Address.OfPoint(tenant, resource, call.Get(Parts.Point), "folders", folder, "archive"), call.Get(Parts.To), cancellation);
        }));
}
