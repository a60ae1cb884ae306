LONGEST = 200  # characters


def words(request):
    """What somebody looks for (`words`), as long as a search may be and without what no database takes."""
    return (request.POST or request.GET).get("words", "").replace("\0", "")[:LONGEST]
