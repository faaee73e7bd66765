using System.Collections.Immutable;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.Grains.Access;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Notices;

/// <summary>The webhooks of a tenant.</summary>
internal sealed partial class NoticeBookGrain
{
    public Task<ImmutableArray<WebhookListing>> ListWebhooks(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<WebhookListing>>([.. State.Webhooks.Select(webhook => webhook.Listing())]);

    public async Task<WebhookCreated> AddWebhook(WebhookSettings settings, CancellationToken cancellation)
    {
        await RequireAsync(settings, cancellation);
        if (State.Webhooks.Length >= sending.Options.MostWebhooks)
            throw new InvalidRequestException("url", $"A tenant has at most {sending.Options.MostWebhooks} webhooks.");
        var (id, secret) = (Guid.CreateVersion7(Now), WebhookSecrets.Make());
        var record = new WebhookRecord(id, settings, await WithKeysAsync(() => sending.Secrets.WrapAsync(Tenant, id, secret, cancellation)), Now);
        await WriteAsync(state => Replanned(state with { Webhooks = state.Webhooks.Add(record) }));
        await KeepAsync(cancellation);
        return new WebhookCreated(record.Listing(), secret);
    }

    public async Task<WebhookListing> ChangeWebhook(Guid webhook, WebhookSettings settings, CancellationToken cancellation)
    {
        await RequireAsync(settings, cancellation);
        var before = State.Webhooks.FirstOrDefault(known => known.Id == webhook) ?? throw new NotFoundException($"Tenant {Tenant} has no webhook {webhook:D}.");
        var after = before with { Settings = settings };
        await WriteAsync(state => Replanned(state with { Webhooks = state.Webhooks.Replace(before, after) }));
        await KeepAsync(cancellation);
        return after.Listing();
    }

    public async Task RemoveWebhook(Guid webhook, CancellationToken cancellation)
    {
        await WriteAsync(state => state with { Webhooks = [.. state.Webhooks.Where(known => known.Id != webhook)] });
        await KeepAsync(cancellation);
    }

    public async Task<bool> RewrapSecrets(CancellationToken cancellation)
    {
        var before = State.Webhooks;
        if (before.IsEmpty)
            return false;
        var wrapped = new Dictionary<Guid, string>();
        foreach (var webhook in before)
            wrapped[webhook.Id] = await WithKeysAsync(() => sending.Secrets.RewrapAsync(Tenant, webhook.Id, webhook.WrappedSecret, cancellation));
        if (before.All(webhook => wrapped[webhook.Id] == webhook.WrappedSecret))
            return false;
        await _keeper.ChangeAsync(state => state with { Webhooks = [.. state.Webhooks.Select(webhook => wrapped.TryGetValue(webhook.Id, out var secret) ? webhook with { WrappedSecret = secret } : webhook)] });
        return true;
    }

    private static NoticeBookState Replanned(NoticeBookState state) =>
        state with { Notices = [.. state.Notices.Select(record => record.HasNobody ? record with { Planned = false } : record)] };

    private async Task RequireAsync(WebhookSettings settings, CancellationToken cancellation)
    {
        if (await sending.Webhooks.ProblemAsync(settings.Url, cancellation) is { } problem)
            throw new InvalidRequestException("url", problem);
        if (settings.Told.Contains(NoticeKind.FaultEnded) || !settings.Told.All(Enum.IsDefined))
            throw new InvalidRequestException("told", "These are not kinds of notices that can be chosen; the end of a fault is told to whoever was told of the fault.");
    }

    private static async Task<T> WithKeysAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }
}
