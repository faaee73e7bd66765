using System.Collections.Immutable;

namespace OrleansBackup.Portal.Previews;

/// <summary>A piece of HTML that a stranger wrote. Text and values are decoded: what they say, not how it was written.</summary>
internal abstract record HtmlToken
{
    /// <param name="Decoded">Without any markup.</param>
    internal sealed record Text(string Decoded) : HtmlToken;

    /// <param name="Name">In lower case.</param>
    /// <param name="Attributes">Names in lower case; of several of one name the first counts, as in browsers.</param>
    internal sealed record Start(string Name, ImmutableArray<(string Name, string Value)> Attributes) : HtmlToken
    {
        public string? this[string attribute] => Attributes.FirstOrDefault(one => one.Name == attribute).Value;
    }

    /// <param name="Name">In lower case.</param>
    internal sealed record End(string Name) : HtmlToken;
}
