using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.ClientApi.Restores;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Restores;

/// <summary>What a person chose to have restored, as the wizard's forms carry it from page to page: nothing of it is kept on the server.</summary>
/// <param name="Items">Ids, each once.</param>
/// <param name="Folders">Ids, each once.</param>
public sealed record RestoreForm(string Resource, string Point, ImmutableArray<string> Items, ImmutableArray<string> Folders, FormInput Input) : IAuditedForm
{
    public const string ToOriginal = "original", ToFolder = "folder", ToOther = "other";

    public bool IsEverything => Items.IsEmpty && Folders.IsEmpty;

    object? IAuditedForm.Asked => new { Resource, Point, Selection = IsEverything ? "everything" : $"{Folders.Length} folders, {Items.Length} items", Where = Input["where"], Conflict = Input["conflict"] };

    /// <summary>From a form, or from an address that names one item or nothing (then everything is meant).</summary>
    public static async ValueTask<RestoreForm?> BindAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return Of(name => context.Request.Query[name], FormInput.Empty);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return Of(name => form[name], await FormInput.ReadAsync(context));
    }

    /// <param name="target">The other resource; null: the one that it came from.</param>
    public RestoreBody Body(string? target) => new(
        Resource, PointAddress.Parse(Point, "point"), IsEverything ? new SelectionBody(true, null, null) : new SelectionBody(false, Folders, Items),
        Input["where"] == ToOriginal ? null : new TargetBody(target, [.. Input["name"].Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]) { Container = Input["container"] is { Length: > 0 } container ? container : null },
        Enum.TryParse<ConflictPolicy>(Input["conflict"], out var conflict) && Enum.IsDefined(conflict) ? conflict : null)
    {
        Permissions = Input["permissions"] == "yes", RemoveNewer = Input["remove-newer"] == "yes",
    };

    private static RestoreForm Of(Func<string, StringValues> get, FormInput input) => new(get("resource").ToString(), get("point").ToString(), Ids(get("item")), Ids(get("folder")), input);

    private static ImmutableArray<string> Ids(StringValues values) => [.. values.OfType<string>().Where(id => id.Length > 0).Distinct(StringComparer.Ordinal)];
}
