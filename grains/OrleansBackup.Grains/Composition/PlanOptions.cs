using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Grains.Composition;

/// <summary>Which plans are sold. Configuration section <c>Plans</c>.</summary>
public sealed record PlanOptions
{
    public const string Section = "Plans";

    /// <summary>A folder with plans of the provider's own, one .json for each; one with the id of a built-in plan takes its place. Default: only those that come with the server.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether Good Friday is a day off for the provider. Default: no.</summary>
    public bool GoodFriday { get; init; }

    /// <summary>In which years Liberation Day is a day off for the provider. Default: once in five years.</summary>
    public LiberationDay LiberationDay { get; init; } = LiberationDay.Lustrum;

    /// <summary>Where the plans lie that come with the server.</summary>
    internal static string BuiltIn => Path.Combine(AppContext.BaseDirectory, "plans");

    internal IEnumerable<string> Folders() => (Directory.Exists(BuiltIn) ? [BuiltIn] : Enumerable.Empty<string>()).Concat(Folder is { Length: > 0 } own ? [own] : []);
}

/// <summary>A plan that cannot be read stops the start; every one is named.</summary>
internal sealed class PlanCheck : IValidateOptions<PlanOptions>
{
    public ValidateOptionsResult Validate(string? name, PlanOptions options)
    {
        PlanCatalog.Read(options.Folders(), out var problems);
        return problems.IsEmpty ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
