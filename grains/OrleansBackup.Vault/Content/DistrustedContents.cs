using System.Collections.Immutable;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Content;

/// <summary>Contents that a check found damaged: a writer that meets their bytes again does not take what is stored for good, but stores them again.</summary>
internal sealed class DistrustedContents
{
    private const char Mark = ':';
    private readonly Dictionary<Hash256, ImmutableHashSet<PackName>> _packs = [];
    private readonly HashSet<Hash256> _chunks = [];

    public static string TextOf(PackName pack, Hash256 hash) => $"{pack}{Mark}{hash}";
    public static string TextOf(Hash256 chunk) => chunk.ToString();

    /// <exception cref="FormatException">The text is not one that a check gave out.</exception>
    public void Add(string text)
    {
        switch (text.Split(Mark))
        {
            case [var chunk] when Hash256.TryParse(chunk) is { } hash:
                _chunks.Add(hash);
                break;
            case [var name, var content] when PackName.TryParse(name) is { } pack && Hash256.TryParse(content) is { } hash:
                _packs[hash] = _packs.GetValueOrDefault(hash, []).Add(pack);
                break;
            default:
                throw new FormatException($"'{text}' names no damaged content.");
        }
    }

    public bool HasChunk(Hash256 hash) => _chunks.Contains(hash);

    /// <summary>The packs in which this content is damaged.</summary>
    public ImmutableHashSet<PackName> PacksOf(Hash256 hash) => _packs.GetValueOrDefault(hash, []);
}
