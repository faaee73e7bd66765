using Microsoft.Extensions.Options;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>The mailbox of a tenant's one user.</summary>
internal sealed class MeasuredMailbox : IAsyncDisposable
{
    private static readonly string[] Usual = ["User.Read.All", "Mail.ReadWrite", "Calendars.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite.All", "MailboxSettings.Read"];

    // The limits of one mailbox would be measured and not the ways; what they allow is worked out from the requests.
    private static readonly GraphClientOptions WithoutLimits = new()
    {
        RequestWindow = TimeSpan.FromSeconds(1), UploadWindow = TimeSpan.FromSeconds(1), FirstBackoff = TimeSpan.FromMilliseconds(10), MaxBackoff = TimeSpan.FromMilliseconds(100),
    };

    private readonly MeasuredScene _scene;
    private readonly ResourceId _resource;
    private readonly IOptions<MailReadOptions> _reading = Options.Create(new MailReadOptions());
    private readonly IOptions<MailWriteOptions> _writing = Options.Create(new MailWriteOptions());
    private readonly IOptions<ExportOptions> _exporting = Options.Create(new ExportOptions());
    private readonly ItemSources _items;

    private MeasuredMailbox(MeasuredScene scene, ResourceId resource)
    {
        (_scene, _resource) = (scene, resource);
        _items = new ItemSources(Options.Create(new ItemReadOptions()), _reading, _writing);
    }

    public GraphStatistics Statistics => _scene.Statistics;

    public static async Task<MeasuredMailbox> StartAsync(SimulatedRecipe recipe, bool exports, CancellationToken cancellation)
    {
        var scene = await MeasuredScene.StartAsync(recipe with { Users = 1, Permissions = exports ? [.. Usual, "MailboxItem.ImportExport.All"] : Usual }, WithoutLimits, cancellation);
        await foreach (var user in new DirectoryReader(scene.Client).ListUsersAsync(cancellation))
            return new MeasuredMailbox(scene, new ResourceId(scene.Tenant, ResourceKind.Mailbox, user.Id));
        throw new InvalidOperationException("The tenant has no user.");
    }

    /// <param name="part">Only this part of the mailbox; null: all of it.</param>
    public Task<RestorePoint> BackUpAsync(string? part, CancellationToken cancellation) => _scene.BackUpAsync(
        _resource, request => new MailboxWorkload(_reading, _items, _exporting, Options.Create(new ExportRunOptions())).PartsOf(request, _scene.Client).Where(one => part is null || one.Name == part), cancellation);

    /// <summary>Puts everything into a new folder of the same mailbox.</summary>
    public Task<MeasuredScene.CountingLedger> RestoreAsync(RestorePoint point, CancellationToken cancellation) =>
        _scene.RestoreAsync(_resource, point, new MailboxRestore(_reading, _writing, _exporting, _items), ConflictPolicy.Copy, cancellation);

    public long StoredBytes() => _scene.StoredBytes();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();
}
