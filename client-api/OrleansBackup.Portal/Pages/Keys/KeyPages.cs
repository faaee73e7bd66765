using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.Keys;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Keys;

/// <summary>API keys: what each may do and where, how long, and when it was last used. A secret is shown once, in the answer to the act that made it.</summary>
internal static class KeyPages
{
    private const int UsualDays = 90;

    public static void MapKeyPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage("/keys", Show).Needs(Permission.ManageAccess, Reach.CallersTenants);
        portal.MapPost("/keys/create", Create).Needs(Permission.ManageAccess, Reach.CallersTenants).Audited(AuditActs.CreateKey);
        portal.MapPost("/keys/{key}/rotate", Rotate).Needs(Permission.ManageAccess, Reach.CallersTenants).Audited(AuditActs.RotateAccessKey);
        portal.MapPost("/keys/{key}/revoke", Revoke).Needs(Permission.ManageAccess, Reach.CallersTenants).Audited(AuditActs.RevokeKey);
    }

    private static Task<IResult> Show(HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation) => PageAsync(FormInput.Empty, null, null, context, grains, time, cancellation);

    private static async Task<IResult> Create(HttpContext context, IGrainFactory grains, ApiKeys configured, TimeProvider time, CancellationToken cancellation)
    {
        var (input, form) = (await FormInput.ReadAsync(context), await context.Request.ReadFormAsync(cancellation));
        ImmutableArray<string>? tenants = input["tenants"].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } some ? [.. some] : null;
        var life = TimeSpan.FromDays(int.TryParse(input["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? Math.Min(days, 10_000) : UsualDays);
        return await ActAsync(input, async () => (await KeyEndpoints.Create(new KeyOrderBody(input["name"], [.. form["roles"].OfType<string>()], tenants, life), context, configured, grains, time, cancellation)).Value,
            context, grains, time, cancellation);
    }

    private static Task<IResult> Rotate(string key, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation) =>
        ActAsync(FormInput.Empty, async () => (await KeyEndpoints.Rotate(key, null, context, grains, time, cancellation)).Value, context, grains, time, cancellation);

    private static Task<IResult> Revoke(string key, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation) => ActAsync(FormInput.Empty, async () =>
    {
        await KeyEndpoints.Revoke(key, context, grains, time, cancellation);
        return null;
    }, context, grains, time, cancellation);

    private static async Task<IResult> ActAsync(FormInput input, Func<Task<KeyWithSecretBody?>> act, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            return await act() is { } made ? await PageAsync(FormInput.Empty, null, made, context, grains, time, cancellation) : PageResults.SeeOther("/keys");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(input, Refusals.TextOf(refused), null, context, grains, time, cancellation);
        }
    }

    private static async Task<IResult> PageAsync(FormInput input, string? refused, KeyWithSecretBody? made, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var keys = (await KeyEndpoints.List(context, grains, time, cancellation)).Value!.Keys;
        return PageResults.Show<KeysPage, KeysModel>(new KeysModel(keys, input["days"].Length == 0 ? input.With("days", UsualDays.ToString(CultureInfo.InvariantCulture)) : input, refused, made),
            refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <param name="Made">A key that has a new secret just now: shown this once.</param>
public sealed record KeysModel(ImmutableArray<KeyBody> Keys, FormInput Input, string? Refused, KeyWithSecretBody? Made);
