using System.Globalization;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What a grain or a reference can say of its own identity.</summary>
public static class GrainExtensions
{
    /// <summary>A reference to this grain by another of its interfaces; what a grain hands out instead of itself.</summary>
    /// <exception cref="InvalidOperationException">A grain asks outside of its activation.</exception>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        var self = grain as GrainReference ?? ContextOf(grain).GrainReference;
        return (TGrainInterface)(object)self.Runtime.References.Create(self.GrainId, typeof(TGrainInterface));
    }

    /// <inheritdoc cref="AsReference{TGrainInterface}(IAddressable)"/>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain is GrainReference reference ? reference.GrainId : ContextOf(grain).GrainId;
    }

    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <exception cref="FormatException">The grain's key is not a number.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain) =>
        long.Parse(grain.GetPrimaryKeyString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">The grain's key is not a GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain) => Guid.ParseExact(grain.GetPrimaryKeyString(), "N");

    private static IGrainContext ContextOf(IAddressable grain) => grain is IGrainBase { GrainContext: { } context }
        ? context
        : throw new InvalidOperationException($"{grain.GetType().Name} is not running in an activation, so it has no identity.");
}
