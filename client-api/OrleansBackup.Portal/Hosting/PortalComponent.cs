using Microsoft.AspNetCore.Components;
using OrleansBackup.Portal.Texts;

namespace OrleansBackup.Portal.Hosting;

/// <summary>What every component of the portal can do: say a text in the reader's language and write dates and numbers in his way.</summary>
public abstract class PortalComponent : ComponentBase
{
    [Inject]
    public PortalRequest Portal { get; set; } = null!;

    protected Wording Write => Portal.Write;

    /// <param name="key">Of the text catalogue; tests find keys that are not there as long as they are written as one literal here.</param>
    protected string T(string key, params object?[] values) => Portal.Texts.Filled(key, values);

    /// <summary>A text for a number of things: <c>{key}.one</c> or <c>{key}.many</c>.</summary>
    protected string Count(string key, long count) => Portal.Texts.Counted(key, count, Write.Number(count));

    /// <summary>A text for a value of an enumeration: <c>{key}-{value}</c>.</summary>
    protected string Word<T>(string key, T value)
        where T : struct, Enum => Portal.Texts[$"{key}-{value}"];
}

/// <summary>A page: it shows what its endpoint read for it, and asks nobody anything itself.</summary>
public abstract class PortalPage<TModel> : PortalComponent
{
    [Parameter, EditorRequired]
    public TModel Model { get; set; } = default!;
}
