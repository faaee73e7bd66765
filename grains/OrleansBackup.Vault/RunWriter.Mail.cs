using OrleansBackup.Vault.Recipes;

namespace OrleansBackup.Vault;

/// <summary>Content that holds other content as base64 text: mail, above all.</summary>
public sealed partial class RunWriter
{
    /// <summary>Stores content like <see cref="StoreAsync(Stream, CancellationToken)"/>, but long runs of base64 text in it decoded: a third
    /// smaller, and one content with the attachment or file whose bytes they are. It is read back byte for byte, whatever it is.</summary>
    /// <remarks>One pass over <paramref name="mime"/>, a few MiB of memory however long it is.</remarks>
    /// <inheritdoc cref="StoreAsync(Stream, CancellationToken)"/>
    public ValueTask<ContentReference> StoreMailAsync(Stream mime, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mime);
        EnsureUsable();
        // About 1 ms of CPU for each MiB beside the storing; would block every other call of the caller's scheduler. Touches no state of its own.
        return new(Task.Run(async () =>
        {
            await using var text = new LiteralStream(mime, StoreAsync);
            var literal = await text.TryTakeWholeAsync(cancellation) is { } whole ? await StoreAsync(whole, cancellation) : await StoreAsync(text, cancellation);
            var stored = text.Parts is { IsEmpty: false } parts ? ContentReference.OfRecipe(literal, parts, text.Sum()) : literal;
            return stored.Length == text.SourceBytes ? stored
                : throw new InvalidOperationException($"{text.SourceBytes} bytes became content of {stored.Length}; nothing was referred to.");
        }, cancellation));
    }
}
