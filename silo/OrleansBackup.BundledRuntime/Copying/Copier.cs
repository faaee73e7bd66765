namespace Orleans.Runtime;

/// <summary>Makes the copies that cross between caller and grain, for one type.</summary>
internal abstract class Copier
{
    /// <summary>Values of this type never change, so both sides may hold the same one.</summary>
    internal abstract bool SharesValues { get; }

    internal abstract object CopyObject(object value, CopyContext context);
}

/// <inheritdoc cref="Copier"/>
internal abstract class Copier<T> : Copier
{
    internal override bool SharesValues => false;

    public abstract T Copy(T value, CopyContext context);

    internal override object CopyObject(object value, CopyContext context) => Copy((T)value, context)!;
}

/// <summary>The copier of everything that never changes.</summary>
internal sealed class SharingCopier<T> : Copier<T>
{
    internal override bool SharesValues => true;

    public override T Copy(T value, CopyContext context) => value;
}

/// <summary>A copier of objects: keeps null, keeps identity, and hands values of a derived type to the copier of that type.</summary>
internal abstract class ReferenceCopier<T> : Copier<T>
    where T : class
{
    public sealed override T Copy(T value, CopyContext context)
    {
        if (value is null)
            return null!;
        if (value.GetType() != typeof(T))
            return (T)Copiers.Of(value.GetType()).CopyObject(value, context);
        return context.Find(value) is { } known ? (T)known : CopyNew(value, context);
    }

    /// <summary>Must tell the context of the copy before it copies anything inside, so that circles close.</summary>
    protected abstract T CopyNew(T value, CopyContext context);
}

/// <summary>Where only the value knows its type: an interface, an abstract class, <c>object</c>.</summary>
internal sealed class DispatchingCopier<T> : Copier<T>
{
    public override T Copy(T value, CopyContext context)
    {
        if (value is null)
            return value;
        if (value.GetType() == typeof(object))
            return context.Find(value) is { } known ? (T)known : (T)context.Keep(value, new object());
        return (T)Copiers.Of(value.GetType()).CopyObject(value, context);
    }
}
