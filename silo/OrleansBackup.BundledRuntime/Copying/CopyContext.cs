namespace Orleans.Runtime;

/// <summary>What has been copied so far in one call, so that one object stays one object and circles close.</summary>
internal sealed class CopyContext
{
    /// <summary>Most calls carry few objects: up to here a look along an array is cheaper than a table.</summary>
    private const int Small = 8;

    private (object Original, object Copy)[]? _few;
    private int _count;
    private Dictionary<object, object>? _many;

    internal object? Find(object original)
    {
        if (_many is not null)
            return _many.GetValueOrDefault(original);
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_few![i].Original, original))
                return _few[i].Copy;
        }
        return null;
    }

    internal object Keep(object original, object copy)
    {
        if (_many is not null)
        {
            _many[original] = copy;
            return copy;
        }
        if (_count < Small)
        {
            (_few ??= new (object, object)[Small])[_count++] = (original, copy);
            return copy;
        }
        _many = new Dictionary<object, object>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < _count; i++)
            _many[_few![i].Original] = _few[i].Copy;
        _many[original] = copy;
        return copy;
    }
}
