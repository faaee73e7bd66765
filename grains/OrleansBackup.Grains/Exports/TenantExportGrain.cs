using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Exports;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tenants;

namespace OrleansBackup.Grains.Exports;

/// <summary>The life of a tenant's exports: asked for, made resource by resource, signed, checked off, deleted. How an archive is written is <see cref="ResourceArchive"/>.</summary>
internal sealed partial class TenantExportGrain(
    [PersistentState("tenant-export", StateStores.Default)] IPersistentState<TenantExportState> storage, VaultAccess vault, TenantEnds ends,
    IOptions<ExportOptions> options, IOptions<DataOptions> data, TimeProvider time, ILogger<TenantExportGrain> log) : Grain, ITenantExportGrain, IRemindable
{
    private const string GoOn = "export";
    private const int PieceBytes = 1 << 16, PageOfResources = 1_000, MostKept = 100;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly StateKeeper<TenantExportState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = new();
    private LongJob _job = null!;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private TenantExportStatus? Open => _keeper.State.Exports.FirstOrDefault(one => one.IsOpen);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _job = new(this, _leaving.Token)
        {
            Reminder = GoOn,
            IsOpen = () => Open is not null,
            Attempt = ExportAsync,
            Failed = exception =>
            {
                LogInterrupted(log, Tenant, exception);
                return Open is { } open ? ChangeAsync(open.Order.Id, one => one with { Problem = LongJob.Tell(exception) }) : Task.CompletedTask; // the next tick goes on
            },
        };
        _job.GoOn();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _job.Going.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => _job.TickAsync();

    public async Task<TenantExportStatus> Start(TenantExportOrder order, CancellationToken cancellation)
    {
        if (Open is { } open)
            return open;
        if (string.IsNullOrWhiteSpace(order.Asked.Who) || string.IsNullOrWhiteSpace(order.Asked.Why))
            throw new InvalidRequestException("why", "Say where the customer's word is found; it is kept.");
        if ((await GrainFactory.Tenant(Tenant).GetPlace(cancellation)).Paused is { } paused)
            throw new NotPossibleNowException(paused);
        await RequireAskedAsync(order.By, cancellation);
        await _keeper.ChangeAsync(state => state with { Exports = [new(order, 0, [], null, null, null, false), .. state.Exports.Take(MostKept)] });
        await _job.StartAsync();
        return _keeper.State.Exports[0];
    }

    public Task<ImmutableArray<TenantExportStatus>> List(CancellationToken cancellation) => Task.FromResult(_keeper.State.Exports);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(Guid export, string file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_keeper.State.Exports.FirstOrDefault(one => one.Order.Id == export) is not { IsOpen: false, IsDeleted: false, Manifest: not null } status
            || !(file is ExportManifest.FileName or ExportManifest.Signature or ExportManifest.PublicKey || status.Done.Any(one => one.FileName == file)))
            throw new NotFoundException("There is no such file of an export that has ended.");
        await using var stream = new FileStream(Path.Combine(FolderOf(export), file), FileMode.Open, FileAccess.Read, FileShare.Read, PieceBytes, useAsync: true);
        var buffer = new byte[PieceBytes];
        while (await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is var read and > 0)
            yield return buffer.AsSpan(0, read).ToArray();
    }

    public async Task Delete(Guid export, CancellationToken cancellation)
    {
        var status = _keeper.State.Exports.FirstOrDefault(one => one.Order.Id == export) ?? throw new NotFoundException("There is no such export.");
        if (status.IsOpen)
            throw new NotPossibleNowException("It is being made; delete it once it has ended.");
        if (Directory.Exists(FolderOf(export)))
            Directory.Delete(FolderOf(export), recursive: true);
        await ChangeAsync(export, one => one with { IsDeleted = true });
    }

    public async Task Forget(CancellationToken cancellation)
    {
        if (_keeper.Exists)
            await _keeper.ChangeAsync(state => state with { Exports = [.. state.Exports.Select(one => one.IsOpen ? one with { EndedAt = time.GetUtcNow(), Problem = "The tenant ended." } : one)] });
        await _job.Going.WaitAsync(cancellation);
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        await _keeper.ClearAsync();
    }

    private string Folder => Path.Combine(options.Value.Folder ?? Path.Combine(data.Value.Folder, "exports"), Tenant.ToString());

    private string FolderOf(Guid export) => Path.Combine(Folder, export.ToString("D"));

    /// <summary>Everything at once is for whom it belongs to: a contact who may decide it, or the customer as a whole from the day on which his notice was processed.</summary>
    private async Task RequireAskedAsync(string? by, CancellationToken cancellation)
    {
        if (by is not null)
        {
            var contacts = await GrainFactory.NoticeBook(Tenant).GetContacts(cancellation);
            if (!contacts.Any(contact => string.Equals(contact.Email, by, StringComparison.OrdinalIgnoreCase) && contact.Authority.Any(one => one is ContactAuthority.EndContract or ContactAuthority.RequestRestore)))
                throw new InvalidRequestException("by", "'by' must be the e-mail address of a contact of this customer who may do that (endContract or requestRestore). Name him among the contacts first.");
        }
        else if (!await IsEndingAsync(cancellation))
            throw new InvalidRequestException("by", "The customer has not given notice: name the contact who asked for an export.");
    }

    private async Task<bool> IsEndingAsync(CancellationToken cancellation)
    {
        try
        {
            var record = await GrainFactory.Contract(Tenant).Get(cancellation);
            return Contract.Of(record.Journal.Select(line => ContractJournal.Read(line).Event)).Notice?.EndsOn is not null;
        }
        catch (NotFoundException)
        {
            return false; // there is no contract
        }
    }

    private async Task ExportAsync(CancellationToken cancellation)
    {
        var order = Open!.Order;
        var folder = FolderOf(order.Id);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
        foreach (var left in Directory.GetFiles(folder, "*" + ResourceArchive.PartEnding).Concat(Directory.GetFiles(folder, "*" + ResourceArchive.ContentEnding)))
            File.Delete(left);
        var resources = await ResourcesAsync(order.Day, cancellation);
        await ChangeAsync(order.Id, one => one with { Total = resources.Count, Problem = null });
        foreach (var (resource, point) in resources.Where(one => Open!.Done.All(done => done.Name != one.Resource.LocalName)))
        {
            // Reading, hashing and packing gigabytes would block every call to this grain. Touches no grain state.
            var done = await Task.Run(() => ArchiveAsync(resource, point, Path.Combine(folder, resource.LocalName + ".zip"), cancellation), cancellation);
            await ChangeAsync(order.Id, one => one with { Done = one.Done.Add(done) });
        }
        await SignAsync(order, folder, cancellation);
    }

    private async Task<List<(ResourceId Resource, long Point)>> ResourcesAsync(DateOnly? day, CancellationToken cancellation)
    {
        var found = new List<(ResourceId, long)>();
        string? after = null;
        do
        {
            var page = await GrainFactory.Tenant(Tenant).ListResources(after, PageOfResources, cancellation);
            foreach (var listing in page.Resources.Where(listing => listing.Resource.Kind.CanBeProtected()))
            {
                try
                {
                    var points = await GrainFactory.Resource(listing.Resource).ListPoints(cancellation);
                    if (points.Where(point => day is not { } last || point.Day <= last).MaxBy(point => point.Sequence) is { } newest)
                        found.Add((listing.Resource, newest.Sequence));
                }
                catch (NotFoundException)
                {
                    // never taken into protection: it has none
                }
            }
            after = page.Next;
        }
        while (after is not null);
        return found;
    }

    private async Task<ExportedResource> ArchiveAsync(ResourceId resource, long sequence, string path, CancellationToken cancellation)
    {
        await using var point = await (await vault.OpenAsync(resource, cancellation)).OpenPointAsync(sequence, cancellation);
        var archive = new ResourceArchive(point, await FolderTree.ReadAsync(point, cancellation), path);
        var (sha256, bytes) = await archive.WriteAsync(cancellation);
        return new(resource.LocalName, sequence, archive.Items, bytes, sha256, archive.NotIncluded);
    }

    /// <summary>The list of files, signed; then the export has ended, and is checked off if all of it could be read.</summary>
    private async Task SignAsync(TenantExportOrder order, string folder, CancellationToken cancellation)
    {
        var status = Open!;
        var (items, notIncluded) = (status.Done.Sum(one => one.Items), status.Done.Sum(one => one.NotIncluded));
        var text = new StringBuilder($"# Export {order.Id:D} of tenant {Tenant}: {status.Done.Length} resources, {items} items, {notIncluded} contents that could not be read\n");
        foreach (var one in status.Done.OrderBy(one => one.Name, StringComparer.Ordinal))
            text.Append(ExportManifest.Line(new(one.Sha256, one.Bytes, one.FileName)));
        var manifest = Encoding.UTF8.GetBytes(text.ToString());
        await File.WriteAllBytesAsync(Path.Combine(folder, ExportManifest.Signature), ends.Signer.Sign(manifest), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, ExportManifest.PublicKey), ends.Signer.PublicKeyPem, cancellation);
        await File.WriteAllBytesAsync(Path.Combine(folder, ExportManifest.FileName), manifest, cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(manifest));
        if (notIncluded == 0 && await IsEndingAsync(cancellation))
            await GrainFactory.Contract(Tenant).ConfirmExport(order.By ?? order.Asked.Who, $"Export {order.Id:D}, manifest {hash}", ContractJournal.Service, cancellation);
        await GrainFactory.Audit(Tenant).NoteAsync(AuditActs.Service, AuditActs.Exported, $"exports/{order.Id:D}", cancellation,
            ("resources", $"{status.Done.Length}"), ("items", $"{items}"), ("notIncluded", $"{notIncluded}"), ("manifest", hash));
        await ChangeAsync(order.Id, one => one with { Manifest = hash, EndedAt = time.GetUtcNow(), Problem = notIncluded == 0 ? null : $"{notIncluded} contents could not be read; the archives say which." });
        LogEnded(log, Tenant, status.Done.Length, items, notIncluded);
        await this.ForgetReminderAsync(GoOn);
    }

    private Task ChangeAsync(Guid export, Func<TenantExportStatus, TenantExportStatus> change) =>
        _keeper.ChangeAsync(state => state with { Exports = [.. state.Exports.Select(one => one.Order.Id == export ? change(one) : one)] });

    [LoggerMessage(2861, LogLevel.Information, "Everything of tenant {Tenant} was exported: {Resources} resources, {Items} items; {NotIncluded} contents could not be read")]
    private static partial void LogEnded(ILogger log, TenantId tenant, int resources, long items, int notIncluded);

    [LoggerMessage(2862, LogLevel.Error, "The export of tenant {Tenant} was interrupted; it goes on by itself")]
    private static partial void LogInterrupted(ILogger log, TenantId tenant, Exception exception);
}
